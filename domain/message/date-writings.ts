import { isFields } from '../fields.ts';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** Months of German, French, Spanish, Italian and Portuguese that do not begin as those of English do, in their order. */
const OTHER_MONTHS = [
  'janv ene enero gen gennaio',
  'févr fév fevr fev fevereiro',
  'mär mrz märz maerz',
  'avr avril abr abril',
  'mai mayo maio mag maggio',
  'juin giu giugno',
  'juil juillet lug luglio',
  'août aout ago agosto',
  'set settembre setembro',
  'okt oktober ott ottobre out outubro',
  'noviembre',
  'dez dezember dezembro déc décembre dic diciembre dicembre',
].map((words) => new RegExp(`(?<!\\p{L})(${words.replaceAll(' ', '|')})\\.?(?!\\p{L})`, 'iu'));

const NAMED_MONTH = `(${MONTHS.join('|')})[a-z]*`;

const two = (digits: string): string => digits.padStart(2, '0');

/** Writings of a date and clock that are told by their form alone, each with what it is in that of ISO 8601. */
const WRITINGS: readonly (readonly [form: RegExp, iso: string | ((...parts: string[]) => string)])[] = [
  [/ Uhr$/i, ''],
  [/ à (?=\d)/, ' '],
  [/^(\d{4})(\d{2})(\d{2})[T _]?(\d{2})(\d{2})(\d{2})(?=\D|$)/, '$1-$2-$3 $4:$5:$6'],
  // A date and a clock whose first zero was lost with the number that it was.
  [/^(\d{4})(\d{2})(\d{2}) (\d)(\d{2})(\d{2})$/, '$1-$2-$3 $4:$5:$6'],
  // Names of files, which may hold no colon.
  [/^(\d{4}-\d{2}-\d{2})[T _](\d{2})[-_](\d{2})[-_](\d{2})(?=\D|$)/, '$1 $2:$3:$4'],
  [/^(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3\d{4})_(?=\d)/, '$1 '],
  // Columns for year, month, day, hour, minute and second; for a date, a clock and ms.
  [
    /^(\d{4}) (\d{1,2}) (\d{1,2}) (\d{1,2}) (\d{1,2}) (\d{1,2}(?:\.\d+)?)$/,
    (_, year, month, day, hour, minute = '', second = '') => {
      const [whole = '', decimals = '0'] = second.split('.');
      return `${year}-${month}-${day} ${hour}:${two(minute)}:${two(whole)}.${decimals}`;
    },
  ],
  [/(?<=\d:\d{2}:\d{2}) (\d{1,3})$/, (_, ms = '') => `.${ms.padStart(3, '0')}`],
  // SQL Server and Siemens put a colon before ms, Oracle points into the clock.
  [/(?<=\d:\d{2}:\d{2}):(?=\d{3}(?:\D|$))/, '.'],
  [/(?<=[ T])(\d{1,2})\.(\d{2})\.(\d{2})(?=\D|$)/, '$1:$2:$3'],
  // Korea and Japan.
  [/^(\d{4})(?:\. |년 ?|年)(\d{1,2})(?:\. |월 ?|月)(\d{1,2})(?:\.|일|日) ?/, '$1-$2-$3 '],
  [/(?:오전|午前) ?([\d:.]+)/, '$1 AM'],
  [/(?:오후|午後) ?([\d:.]+)/, '$1 PM'],
  [/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +/i, ''],
  // Logs of web servers.
  [new RegExp(`^(\\d{1,2})/${NAMED_MONTH}/(\\d{4})[: ]`, 'i'), '$3-$2-$1 '],
  // As ctime of C writes it, and the year behind the clock.
  [new RegExp(`^${NAMED_MONTH} +(\\d{1,2}) +([\\d:.]+) +(\\d{4})$`, 'i'), '$4-$1-$2 $3'],
  [new RegExp(`^${NAMED_MONTH} +(\\d{1,2}),? +(\\d{4}),? +`, 'i'), '$3-$1-$2 '],
  [new RegExp(`^(\\d{1,2})\\.?[- ]${NAMED_MONTH}\\.?[- ](\\d{4}),?[ T]+`, 'i'), '$3-$2-$1 '],
  [new RegExp(`^(\\d{1,2})-${NAMED_MONTH}-(\\d{2}) +`, 'i'), '20$3-$2-$1 '],
  // The zone behind the offset, as Java writes it.
  [/((?:Z|[+-]\d{2}:\d{2}))\[[\w/+-]+\]$/, '$1'],
];

/** A date in another writing as ISO 8601 has it; the same where it is in none of them. */
export const rewrittenTime = (text: string): string => {
  const inEnglish = OTHER_MONTHS.reduce((before, words, at) => before.replace(words, MONTHS[at] ?? ''), text);
  const written = WRITINGS.reduce(
    (before, [form, iso]) =>
      typeof iso === 'string' ? before.replace(form, iso) : before.replace(form, iso),
    inEnglish,
  );
  const month = (name: string) => `${MONTHS.indexOf(name.toLowerCase()) + 1}`;
  return written.replace(new RegExp(`-(${MONTHS.join('|')})-`, 'i'), (_, name: string) => `-${month(name)}-`);
};

/** Whole seconds and the ns behind them, in two fields or columns. */
const SECONDS_AND_NS = /^(\d{9,10}) (\d{1,9})$/;
const DURATION = /^(?:(\d+):)?([0-5]?\d):([0-5]\d(?:[.,]\d+)?)$/;
const SECONDS = /^(\d+(?:\.\d*)?) ?s(?:ec(?:onds?)?)?$/i;

/** The seconds that a text says which is no plain number: with their ns, or, where they are counted, as a duration. */
export const secondsOf = (text: string, isCounted: boolean): number | null => {
  const [, whole, ns] = SECONDS_AND_NS.exec(text) ?? [];
  if (whole !== undefined) return Number(whole) + Number(ns) / 1e9;
  if (!isCounted) return null;
  const [, plain] = SECONDS.exec(text) ?? [];
  if (plain !== undefined) return Number(plain);
  const [, hours = '0', minutes, seconds] = DURATION.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) return null;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
};

/** As .NET wrote times into JSON: ms, whose offset says nothing of the instant. */
const DOTNET_DATE = /^\\?\/Date\((-?\d+)(?:[+-]\d{4})?\)\\?\/$/;

/** A date and clock as a list of numbers up to nanoseconds, as Java's Jackson writes them; null where it is another list. */
const listedDate = (list: readonly unknown[]): string | null => {
  if (!list.every(Number.isInteger)) return null;
  if (list.length === 2) return SECONDS_AND_NS.test(list.join(' ')) ? list.join(' ') : null;
  if (list.length < 5 || list.length > 7) return null;
  const [year, month, day, hour, minute = '', second = '0', nanoseconds = '0'] = list.map(String);
  return `${year}-${month}-${day} ${hour}:${two(minute)}:${two(second)}.${nanoseconds.padStart(9, '0')}`;
};

const SECONDS_FIELDS = ['timeInSeconds', 'seconds', 'sec', 'secs'] as const;
const NS_FIELDS = ['offsetInNanos', 'nanos', 'nanosec', 'nsec', 'nsecs'] as const;

/** A time as protobuf, ROS, AWS IoT SiteWise and MongoDB have one in an object; the same where it is another object. */
const ofObject = (value: Readonly<Record<string, unknown>>): unknown => {
  const wrapped = value.$date ?? value.$numberLong;
  if (wrapped !== undefined) return isFields(wrapped) ? wrapped.$numberLong : wrapped;
  const [seconds, ns] = [SECONDS_FIELDS, NS_FIELDS].map((names) => names.find((name) => name in value));
  if (seconds === undefined || ns === undefined) return value;
  return `${value[seconds]} ${value[ns]}`;
};

/** What is written of a time in a JSON value, a number or a text; null where it is none. */
export const writtenTime = (value: unknown): number | string | null => {
  const inside = isFields(value) ? ofObject(value) : value;
  const written = Array.isArray(inside) ? listedDate(inside) : inside;
  if (typeof written === 'string') return written.replace(DOTNET_DATE, '$1');
  return typeof written === 'number' ? written : null;
};
