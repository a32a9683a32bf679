import { type Fields, isFields, parseJson } from '../fields.ts';
import { isPossible, readTime, timeFault } from './read-time.ts';
import { LATEST_MS } from './sample.ts';

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

const MAX_DEPTH = 4;

/** Where something in an object looks like a time, as a mapping writes it; the first of a list stands for all. */
const timePath = (fields: Fields, before = '', depth = 1): string | undefined => {
  const entries = Object.entries(fields).map(([name, value]) => [`${before}${name}`, value] as const);
  const found = entries.find(([, value]) => isPossible(readTime(value) ?? 0));
  if (found !== undefined || depth === MAX_DEPTH) return found?.[0];
  for (const [path, value] of entries) {
    const inside = typeof value === 'string' && /^\s*[[{]/.test(value) ? parseJson(value) : value;
    const [item, below] = Array.isArray(inside) ? [inside[0], `${path}.0.`] : [inside, `${path}.`];
    const deeper = isFields(item) ? timePath(item, below, depth + 1) : undefined;
    if (deeper !== undefined) return deeper;
  }
  return undefined;
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
  const like = timePath(fields);
  const advice =
    like === undefined
      ? '; map time from where it is, or as "arrival" for a device without a clock'
      : `; ${JSON.stringify(like)} looks like a time: map time from it`;
  return `no event time: none of ${TIME_FIELDS.join(', ')}${advice}`;
};
