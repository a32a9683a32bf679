import { type Fields, isFields } from '../fields.ts';
import { LATEST_MS } from './sample.ts';

/** Numbers are understood, and messages taken, for times from 2015 up to 2100: no two units of the epoch overlap in them. */
export const FIRST_MS = Date.UTC(2015, 0);
const LAST_MS = Date.UTC(2100, 0);

/** How many of a unit of the epoch make up a ms. */
const UNITS = { 'epoch-s': 1e-3, 'epoch-ms': 1, 'epoch-us': 1e3, 'epoch-ns': 1e6 } as const;
type Unit = keyof typeof UNITS;
const UNIT_NAMES = ['epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns'] as const satisfies readonly Unit[];

/** How a time is written; `auto` is what tells by itself. */
export const TIME_FORMS = [
  'auto',
  ...UNIT_NAMES,
  'excel',
  'year-month-day',
  'day-month-year',
  'month-day-year',
] as const;
export type TimeForm = (typeof TIME_FORMS)[number];

/** How the times of a source are written; `zone`, an IANA name or `+hh:mm`, is of dates that name none. */
export type TimeStyle = Readonly<{ as: TimeForm; zone: string }>;
export const AUTO_TIME: TimeStyle = { as: 'auto', zone: 'UTC' };

/** The decimal comma of a number, such as the days of a spreadsheet. */
const COMMA = /^(\d+),(\d+)$/;
const NUMBER = /^[-+]?\d+(\.\d*)?(e[-+]?\d+)?$/i;
const CLOCK = String.raw`[T ,]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([AP]\.?M\.?)?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${CLOCK}`, 'i');
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})${CLOCK}`, 'i');

const DAY_MS = 86_400_000;
/** 1 January 1970 as a day of a spreadsheet, whose day 60 (29 February 1900) never was. */
const EXCEL_EPOCH_DAYS = 25_569;

const isPossible = (ms: number): boolean => ms >= FIRST_MS && ms < LAST_MS;

const ofNumber = (value: number, form: TimeForm): number | null => {
  if (form === 'excel') return Math.round((value - EXCEL_EPOCH_DAYS) * DAY_MS);
  if (form !== 'auto' && form in UNITS) return Math.round(value / UNITS[form as Unit]);
  if (form !== 'auto') return null;
  for (const unit of UNIT_NAMES) {
    const ms = Math.round(value / UNITS[unit]);
    if (isPossible(ms)) return ms;
  }
  return null;
};

/** ms that a zone is ahead of UTC at an instant. */
const aheadMs = (zone: string, ms: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = parts.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return offsetMs(name.replace('GMT', ''));
};

const offsetMs = (text: string): number => {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
};

/** The instant of a date and clock in a zone: the earlier of two when clocks are put back, null where they skip it. */
const inZone = (wallMs: number, zone: string): number | null => {
  if (/^(Z|UTC|GMT)$/i.test(zone)) return wallMs;
  if (/^[+-]\d/.test(zone)) return wallMs - offsetMs(zone);
  try {
    const offsets = [aheadMs(zone, wallMs - DAY_MS), aheadMs(zone, wallMs + DAY_MS)];
    const instants = offsets.map((ahead) => wallMs - ahead).toSorted((a, b) => a - b);
    return instants.find((ms) => ms + aheadMs(zone, ms) === wallMs) ?? null;
  } catch {
    return null;
  }
};

/** Day and month of two numbers with a mark between them, or null where they could be either way round. */
const inOrder = (first: string, second: string, mark: string, form: TimeForm) => {
  const isDayFirst =
    form === 'auto' ? mark === '.' || Number(first) > 12 || first === second : form === 'day-month-year';
  if (isDayFirst) return { day: first, month: second };
  return form === 'month-day-year' || Number(second) > 12 ? { day: second, month: first } : null;
};

const ofDate = (text: string, { as, zone }: TimeStyle): number | null => {
  const [, year, , month, day, ...clock] = YEAR_FIRST.exec(text) ?? [];
  if (year !== undefined) {
    const isWanted = as === 'auto' || as === 'year-month-day';
    return isWanted ? ofParts([year, month, day, ...clock], zone) : null;
  }
  const [, first, mark, second, lastYear, ...rest] = YEAR_LAST.exec(text) ?? [];
  if (first === undefined || second === undefined || mark === undefined) return null;
  // Of two digits a year might be any of the three, unless a person says that it is not.
  if (as === 'year-month-day' || (as === 'auto' && lastYear?.length === 2)) return null;
  const order = inOrder(first, second, mark, as);
  const century = lastYear?.length === 2 ? '20' : '';
  return order === null ? null : ofParts([`${century}${lastYear}`, order.month, order.day, ...rest], zone);
};

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const NAMED_MONTH = `(${MONTHS.join('|')})[a-z]*`;

/** Writings of a date and clock that are told by their form alone, each with what it is in that of ISO 8601. */
const WRITINGS: readonly (readonly [form: RegExp, iso: string])[] = [
  [/^(\d{4})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})(?=\D|$)/, '$1-$2-$3 $4:$5:$6'],
  // Korea and Japan.
  [/^(\d{4})(?:\. |년 ?|年)(\d{1,2})(?:\. |월 ?|月)(\d{1,2})(?:\.|일|日) ?/, '$1-$2-$3 '],
  [/(?:오전|午前) ?([\d:.]+)/, '$1 AM'],
  [/(?:오후|午後) ?([\d:.]+)/, '$1 PM'],
  [/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +/i, ''],
  // As ctime of C writes it, and the year behind the clock.
  [new RegExp(`^${NAMED_MONTH} +(\\d{1,2}) +([\\d:.]+) +(\\d{4})$`, 'i'), '$4-$1-$2 $3'],
  [new RegExp(`^${NAMED_MONTH} +(\\d{1,2}),? +(\\d{4}),? +`, 'i'), '$3-$1-$2 '],
  [new RegExp(`^(\\d{1,2})[- ]${NAMED_MONTH}[- ](\\d{4}),?[ T]+`, 'i'), '$3-$2-$1 '],
  [new RegExp(`^(\\d{1,2})-${NAMED_MONTH}-(\\d{2}) +`, 'i'), '20$3-$2-$1 '],
  // The zone behind the offset, as Java writes it.
  [/((?:Z|[+-]\d{2}:\d{2}))\[[\w/+-]+\]$/, '$1'],
];

/** A date in another writing as ISO 8601 has it; the same where it is in none of them. */
const rewritten = (text: string): string => {
  const written = WRITINGS.reduce((before, [form, iso]) => before.replace(form, iso), text);
  const month = (name: string) => `${MONTHS.indexOf(name.toLowerCase()) + 1}`;
  return written.replace(new RegExp(`-(${MONTHS.join('|')})-`, 'i'), (_, name: string) => `-${month(name)}-`);
};

const ofParts = (parts: readonly (string | undefined)[], zone: string): number | null => {
  const [year, month, day, hour = '0', minute = '0', second = '0', fraction = '', half, offset] = parts;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
  const two = (value: string | number | undefined) => `${value}`.padStart(2, '0');
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const iso = `${year}-${two(month)}-${two(day)}T${two(hours)}:${two(minute)}:${two(second)}.${milliseconds}Z`;
  const wallMs = Date.parse(iso);
  // A day such as the 31st of April would otherwise be taken for the first of May.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== iso) return null;
  return inZone(wallMs, offset ?? zone);
};

const ofText = (text: string, style: TimeStyle): number | null => {
  const ms = ofDate(text, style);
  const other = ms === null ? rewritten(text) : text;
  return other === text ? ms : ofDate(other, style);
};

/** As .NET wrote times into JSON: ms, whose offset says nothing of the instant. */
const DOTNET_DATE = /^\\?\/Date\((-?\d+)(?:[+-]\d{4})?\)\\?\/$/;

/** A date and clock as a list of numbers up to nanoseconds, as Java's Jackson writes them; null where it is another list. */
const listedDate = (list: readonly unknown[]): string | null => {
  if (list.length < 5 || list.length > 7 || !list.every(Number.isInteger)) return null;
  const [year, month, day, hour, minute, second = 0, nanoseconds = 0] = list.map(String);
  return `${year}-${month}-${day} ${hour}:${`${minute}`.padStart(2, '0')}:${`${second}`.padStart(2, '0')}.${`${nanoseconds}`.padStart(9, '0')}`;
};

/**
 * Reads a time as ms since the epoch: a number, or its text, by the one unit (s, ms, µs, ns) that puts it into
 * 2015…2100; a date with a clock (ISO 8601, or with a blank; day first where dots divide it), in the style's zone where
 * it names none; or as the style says. Null where it is none of these, could be two, or is no such day.
 */
export const readTime = (value: unknown, style: TimeStyle = AUTO_TIME): number | null => {
  const written = Array.isArray(value) ? listedDate(value) : value;
  if (typeof written !== 'number' && typeof written !== 'string') return null;
  const text = typeof written === 'string' ? written.trim().replace(DOTNET_DATE, '$1') : '';
  const digits = text.replace(COMMA, '$1.$2');
  const number = typeof written === 'number' ? written : NUMBER.test(digits) ? Number(digits) : null;
  const ms = number === null ? ofText(text, style) : (ofNumber(number, style.as) ?? ofText(text, style));
  return ms !== null && Math.abs(ms) <= LATEST_MS ? ms : null;
};

const MAX_QUOTED = 60;
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** Why readTime reads nothing in a value, with the value, and what to write into the mapping where that would help. */
export const timeFault = (value: unknown): string => {
  if (isFields(value)) {
    const inside = Object.keys(value).find((name) => readTime(value[name]) !== null);
    return `it is an object, not a time${inside === undefined ? '' : `: map time from its field ${JSON.stringify(inside)}`}`;
  }
  if (Array.isArray(value)) return 'it is a list, not a time';
  const said = JSON.stringify(typeof value === 'string' ? value.slice(0, MAX_QUOTED) : value) ?? 'nothing';
  const text = typeof value === 'string' ? value.trim() : String(value);
  if (NUMBER.test(text)) {
    const isExcel = isPossible(ofNumber(Number(text), 'excel') ?? 0);
    const unit = 'of 2015 to 2100 in s, ms, µs or ns since 1970';
    return `${said} is no time ${unit}${isExcel ? '; if it is days of a spreadsheet, map time as excel' : ''}`;
  }
  const orders = ['day-month-year', 'month-day-year'] as const;
  const readings = orders.flatMap((as) => readTime(text, { as, zone: 'UTC' }) ?? []);
  if (readings.length > 0) {
    const days = readings.map((ms) => DAY.format(ms)).join(' or ');
    return `${said} could have its day or its month first (${days}): map time as ${orders.join(' or ')}`;
  }
  if (/\d [A-Z]{3,4}$/.test(text))
    return `${said} names a zone that is not the same everywhere: write its offset, or map the time's zone and leave it out`;
  return `${said} is no time`;
};

/** The fields of a message that may hold its event time, in the order in which they are asked. */
export const TIME_FIELDS = ['t', 'sDateTime', 'timeInSeconds', 'timestamp', 'ts', 'time'] as const;

/** Whether a number is a time in whole ms that a date can hold, of any age. */
const isWholeMs = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST_MS;

/**
 * The event time of a sample, ms since the epoch, by the first of its time fields that can be read: one that is null
 * or unreadable hides no other. Null where none is, or the time is not of 2015 to 2100, as of a clock that was never
 * set. In a replay, whose clock may begin at 0, a whole `t` is ms of any age.
 */
export const eventTime = (fields: Fields, isReplay = false): number | null => {
  const { t } = fields;
  if (isWholeMs(t) && (isReplay || isPossible(t))) return t;
  for (const name of TIME_FIELDS) {
    const ms = readTime(fields[name]);
    if (ms !== null && isPossible(ms)) return ms;
  }
  return null;
};

/** Why eventTime finds none: what the time fields hold, or which other field looks like a time. */
export const eventTimeFault = (fields: Fields): string => {
  const there = TIME_FIELDS.filter((name) => (fields[name] ?? null) !== null);
  if (there.length > 0) {
    const faults = there.map((name) => {
      const ms = readTime(fields[name]);
      if (ms === null) return `${name}: ${timeFault(fields[name])}`;
      return `${name}: ${JSON.stringify(fields[name])} is not in the years 2015 to 2100`;
    });
    return `no event time: ${faults.join('; ')}`;
  }
  const like = Object.keys(fields).find((name) => isPossible(readTime(fields[name]) ?? 0));
  const advice =
    like === undefined
      ? '; map time from where it is, or as "arrival" for a device without a clock'
      : `; ${JSON.stringify(like)} looks like a time: map time from it`;
  return `no event time: none of ${TIME_FIELDS.join(', ')}${advice}`;
};
