import { AUTO_TIME, readTime, type TimeStyle } from '../../domain/message/read-time.ts';
import { clockText, timeColumns } from './columns.ts';
import type { Table, TableMap } from './table.ts';

/** A date and clock up to the minute: all times of one minute differ in the seconds alone. */
const MINUTE = /^(\d{4}[-/.]\d{2}[-/.]\d{2}|\d{2}[-/.]\d{2}[-/.]\d{4})[T ]\d{2}:\d{2}:$/;
const MINUTE_LENGTH = 17;

/** Reads times that are near each other, as readTime does, most of them without looking at the date again. */
export const clockReader = (style: TimeStyle): ((text: string) => number | null) => {
  let minute = '';
  let after = '';
  let minuteMs = 0;
  return (text) => {
    const tens = text.charCodeAt(MINUTE_LENGTH) - 48;
    const ones = text.charCodeAt(MINUTE_LENGTH + 1) - 48;
    const isClock = tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9;
    if (isClock && minute !== '' && text.startsWith(minute) && text.slice(MINUTE_LENGTH + 2) === after)
      return minuteMs + (tens * 10 + ones) * 1000;
    const ms = readTime(text, style);
    const beginning = text.slice(0, MINUTE_LENGTH);
    if (ms !== null && isClock && MINUTE.test(beginning)) {
      minute = beginning;
      after = text.slice(MINUTE_LENGTH + 2);
      minuteMs = ms - (tens * 10 + ones) * 1000;
    }
    return ms;
  };
};

const HOUR_MS = 3_600_000;

/** The same clock an hour later, where clocks of the zone are put back between; null where they are not. */
export const secondOfTwo = (ms: number, { zone }: TimeStyle): number | null => {
  if (/^(UTC|[+-].*)$/.test(zone)) return null;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return clock.format(ms) === clock.format(ms + HOUR_MS) ? ms + HOUR_MS : null;
};

/** Two numbers of a date that a table may have in either order, and its year last. */
const SLASHED = /^(\d{1,2})([-/])(\d{1,2})\2\d{4}\b/;

/**
 * The map of a table whose dates may have their day or their month first, with the order that the other rows tell: one
 * with a 13th or later decides for all. As it was where nothing decides. The table is read for it, and so is used up.
 */
export const withDateOrder = async (open: () => Promise<Table>, map: TableMap = {}): Promise<TableMap> => {
  const { as, zone } = map.timeStyle ?? AUTO_TIME;
  if (as !== 'auto') return map;
  const table = await open();
  for await (const block of table.blocks) {
    const index = timeColumns(table.header, map)[0]?.index;
    if (index === undefined) return map;
    let hasSlashed = false;
    for (let row = 0; row < block.count; row++) {
      const [, first, , second] = SLASHED.exec(block.text(row, index)) ?? [];
      hasSlashed ||= first !== undefined;
      if (Number(first) > 12) return { ...map, timeStyle: { as: 'day-month-year', zone } };
      if (Number(second) > 12) return { ...map, timeStyle: { as: 'month-day-year', zone } };
    }
    if (!hasSlashed && block.count > 0) return map;
  }
  return map;
};

const FEWEST_ROWS = 3;

/** Whether a table begins with its newest row: times go down, and never up, among its first rows. Uses the table up. */
export const isNewestFirst = async (open: () => Promise<Table>, map: TableMap = {}): Promise<boolean> => {
  const table = await open();
  const clocks = timeColumns(table.header, map);
  if (clocks.length === 0) return false;
  const readClock = clockReader(map.timeStyle ?? AUTO_TIME);
  for await (const block of table.blocks) {
    const times: number[] = [];
    for (let row = 0; row < block.count; row++) {
      const t = readClock(clockText(block, row, clocks));
      const before = times.at(-1) ?? Number.POSITIVE_INFINITY;
      if (t !== null && t > before) return false;
      if (t !== null) times.push(t);
    }
    const [first = 0] = times;
    return times.length >= FEWEST_ROWS && (times.at(-1) ?? first) < first;
  }
  return false;
};
