import { SENSORS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import type { SourceSample } from './source.ts';

export const TIME_COLUMNS = ['ts', 'time', 't', 'timestamp', 'sDateTime', 'timeInSeconds'] as const;

/** A column by its name and its place in a row, from 0. */
export type Column = Readonly<{ name: string; index: number }>;

/** Where a recording keeps what is needed; `sensors` in the order of SENSORS, null for what it need not have. */
export type Columns = Readonly<{
  time: Column;
  sensors: readonly Column[];
  cylinder: Column | null;
  label: Column | null;
  /** How many cells a row has. */
  count: number;
}>;

export type ColumnsReading =
  | Readonly<{ ok: true; columns: Columns }>
  | Readonly<{ ok: false; message: string }>;

/** Finds the columns by the names in a recording's first line, or says which are missing or named twice. */
export const findColumns = (header: readonly string[]): ColumnsReading => {
  const names = header.map((name) => name.trim());
  const find = (name: string): Column | null => {
    const index = names.indexOf(name);
    return index === -1 ? null : { name, index };
  };
  const twice = names.find((name, index) => isWanted(name) && names.indexOf(name) !== index);
  if (twice !== undefined) return { ok: false, message: `line 1: column ${twice} is named twice` };

  const time = TIME_COLUMNS.map(find).find((column) => column !== null);
  const sensors = SENSORS.map(find);
  const missing: string[] = SENSORS.filter((_, index) => sensors[index] === null);
  if (time === undefined) missing.unshift(`a time (${TIME_COLUMNS.join(', ')})`);
  if (time === undefined || missing.length > 0) {
    return {
      ok: false,
      message: `line 1: missing column${missing.length > 1 ? 's' : ''}: ${missing.join(', ')}; found: ${names.join(', ').slice(0, 300)}`,
    };
  }
  return {
    ok: true,
    columns: {
      time,
      sensors: sensors.filter((column) => column !== null),
      cylinder: find('cylinder'),
      label: find('anomaly'),
      count: names.length,
    },
  };
};

const isWanted = (name: string): boolean =>
  [...SENSORS, ...TIME_COLUMNS, 'cylinder', 'anomaly'].some((wanted) => wanted === name);

const EPOCH_TIME = /^\d+(\.\d+)?$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(?:Z|([+-])(\d{2}):?(\d{2}))?$/i;

/** Below this a number can only be seconds: as ms it would be before 1973, as seconds it is up to the year 5138. */
const MIN_MS = 1e11;

/**
 * Reads the time of a recording as ms since the epoch: a date and time (ISO 8601, or with a space; UTC where it names
 * no zone), seconds or ms since the epoch. Null where it is none of these or no such day.
 */
export const readRecordingTime = (text: string): number | null => {
  if (EPOCH_TIME.test(text)) {
    const value = Number(text);
    const ms = Math.round(value < MIN_MS ? value * 1000 : value);
    return Number.isNaN(new Date(ms).getTime()) ? null : ms;
  }
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = '', sign, zoneHours, zoneMinutes] =
    match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const ms = Date.parse(iso);
  // A day such as the 31st of April would otherwise be taken for the first of May.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== iso) return null;
  if (sign === undefined) return ms;
  const offsetMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '+' ? ms - offsetMs : ms + offsetMs;
};

export type RowReading =
  | Readonly<{ ok: true; sample: SourceSample }>
  | Readonly<{ ok: false; column: string | null; message: string }>;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const LABELS: Readonly<Record<string, boolean | null>> = {
  '': null,
  0: false,
  '0.0': false,
  false: false,
  1: true,
  '1.0': true,
  true: true,
};

/** Reads one row of a recording; an empty sensor cell is a sensor that did not answer. `cylinder` is for rows that name none. */
export const readRow = (cells: readonly string[], columns: Columns, cylinder: string): RowReading => {
  const cell = (column: Column) => (cells[column.index] ?? '').trim();
  const refuse = (column: Column, expected: string): RowReading => {
    const shown = JSON.stringify(cell(column).slice(0, 40));
    return { ok: false, column: column.name, message: `${shown} is not ${expected}` };
  };

  if (cells.length !== columns.count) {
    return { ok: false, column: null, message: `${cells.length} cells under ${columns.count} column names` };
  }
  const t = readRecordingTime(cell(columns.time));
  if (t === null) {
    return refuse(
      columns.time,
      'a time (2026-03-09T10:14:33Z, 2026-03-09 10:14:33.250, seconds or ms since 1970)',
    );
  }
  const name = columns.cylinder === null ? cylinder : cell(columns.cylinder);
  if (columns.cylinder !== null && !isName(name)) {
    return refuse(columns.cylinder, 'a name of letters, digits, colon, underscore and hyphen (at most 128)');
  }
  const values: (number | null)[] = [];
  for (const column of columns.sensors) {
    const text = cell(column);
    const value = text === '' ? null : NUMBER.test(text) ? Number(text) : Number.NaN;
    if (value !== null && !Number.isFinite(value)) return refuse(column, 'a number');
    values.push(value);
  }
  const label = columns.label === null ? null : LABELS[cell(columns.label).toLowerCase()];
  if (columns.label !== null && label === undefined) return refuse(columns.label, '0, 1 or empty');
  return { ok: true, sample: { cylinder: name, t, values, label: label ?? null } };
};
