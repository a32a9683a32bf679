import { isName } from '../../domain/message/name.ts';
import type { Column, Columns } from './recording-columns.ts';
import { readRecordingTime } from './recording-time.ts';
import type { SourceSample } from './source.ts';

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
