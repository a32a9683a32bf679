import { isFields } from '../fields.ts';
import { rewrittenTime, secondsOf, writtenTime } from './date-writings.ts';
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
  'labview',
  'matlab',
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

/** 1 January 1904 in s, from which LabVIEW counts, and 1 January 1970 as a day number of MATLAB. */
const LABVIEW_EPOCH_S = -2_082_844_800;
const MATLAB_EPOCH_DAYS = 719_529;
/** 100 ns since 1601, as files of Windows have them, and since the year 1, as .NET has: 1970 in ms of each. */
const TICK_EPOCHS_MS = [11_644_473_600_000, 62_135_596_800_000] as const;
const TICKS_PER_MS = 10_000;

/** Whether ms are of a year in which numbers are understood. */
export const isPossible = (ms: number): boolean => ms >= FIRST_MS && ms < LAST_MS;

const ofNumber = (value: number, form: TimeForm): number | null => {
  if (form === 'excel') return Math.round((value - EXCEL_EPOCH_DAYS) * DAY_MS);
  if (form === 'matlab') return Math.round((value - MATLAB_EPOCH_DAYS) * DAY_MS);
  if (form === 'labview') return Math.round((value + LABVIEW_EPOCH_S) * 1000);
  if (form !== 'auto' && form in UNITS) return Math.round(value / UNITS[form as Unit]);
  if (form !== 'auto') return null;
  for (const unit of UNIT_NAMES) {
    const ms = Math.round(value / UNITS[unit]);
    if (isPossible(ms)) return ms;
  }
  return TICK_EPOCHS_MS.map((epoch) => Math.round(value / TICKS_PER_MS - epoch)).find(isPossible) ?? null;
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
  const other = ms === null ? rewrittenTime(text) : text;
  return other === text ? ms : ofDate(other, style);
};

/**
 * Reads a time as ms since the epoch: a number, or its text, by the one unit (s, ms, µs, ns) that puts it into
 * 2015…2100; a date with a clock (ISO 8601, or with a blank; day first where dots divide it), in the style's zone where
 * it names none; or as the style says. Null where it is none of these, could be two, or is no such day.
 */
export const readTime = (value: unknown, style: TimeStyle = AUTO_TIME): number | null => {
  const written = writtenTime(value);
  if (written === null) return null;
  const text = typeof written === 'string' ? written.trim() : '';
  const digits = text.replace(COMMA, '$1.$2');
  const seconds =
    style.as === 'auto' || style.as === 'epoch-s' ? secondsOf(text, style.as === 'epoch-s') : null;
  const number = typeof written === 'number' ? written : NUMBER.test(digits) ? Number(digits) : seconds;
  const ms = number === null ? ofText(text, style) : (ofNumber(number, style.as) ?? ofText(text, style));
  return ms !== null && Math.abs(ms) <= LATEST_MS ? ms : null;
};

const CLOCK_ALONE = /^\d{1,3}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AP]M)?$/i;
const DAY_ALONE = /^(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3\d{4})$/;
const MAX_QUOTED = 60;
/** Made where it is needed, for the formats of Node are 5 MB of memory. */
const dayText = (ms: number): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(ms);

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
    const days = (['excel', 'matlab'] as const).find((as) => isPossible(ofNumber(Number(text), as) ?? 0));
    const unit = 'of 2015 to 2100 in s, ms, µs or ns since 1970';
    const whose = days === 'excel' ? 'a spreadsheet' : 'MATLAB';
    return `${said} is no time ${unit}${days === undefined ? '' : `; if it is days of ${whose}, map time as ${days}`}`;
  }
  if (CLOCK_ALONE.test(text))
    return `${said} is no time: it is a clock without a day: map time from both, as ["date", "clock"], or as epoch-s where it counts from a beginning`;
  if (DAY_ALONE.test(text))
    return `${said} is no time: it is a day without a clock: map time from both, as ["date", "clock"]`;
  const orders = ['day-month-year', 'month-day-year'] as const;
  const readings = orders.flatMap((as) => readTime(text, { as, zone: 'UTC' }) ?? []);
  if (readings.length > 0) {
    const days = readings.map(dayText).join(' or ');
    return `${said} could have its day or its month first (${days}): map time as ${orders.join(' or ')}`;
  }
  if (/\d [A-Z]{3,4}$/.test(text))
    return `${said} names a zone that is not the same everywhere: write its offset, or map the time's zone and leave it out`;
  return `${said} is no time`;
};
