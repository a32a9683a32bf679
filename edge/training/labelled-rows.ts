import type { Readable } from 'node:stream';
import { sensorRows } from '../sources/sensor-rows.ts';
import type { LabelledRow } from './boost.ts';

export type LabelledRowsResult = Readonly<
  { ok: true; rows: readonly LabelledRow[] } | { ok: false; message: string }
>;

/** Which columns say what a row is (null: `label` or `anomaly`) and, where rows are not in order of time, when it was. */
export type LabelColumns = Readonly<{ label: string | null; time: string | null }>;

const USUAL_LABELS = ['label', 'anomaly'];

const LABELS: Readonly<Record<string, number>> = { '0': 0, '0.0': 0, false: 0, '1': 1, '1.0': 1, true: 1 };

/** The rows of a CSV table with their labels (1 or true is abnormal, 0 or false is not), in order of time. */
export const labelledRows = async (input: Readable, columns: LabelColumns): Promise<LabelledRowsResult> => {
  const { time } = columns;
  const needed = [columns.label, time].filter((column) => column !== null);
  const rows: (LabelledRow & Readonly<{ when: number }>)[] = [];
  for await (const row of sensorRows(input, needed)) {
    if (!row.ok) return row;
    const { cells } = row;
    const label = columns.label ?? USUAL_LABELS.find((usual) => Object.hasOwn(cells, usual));
    if (label === undefined)
      return { ok: false, message: 'line 1: there is no column label or anomaly; name it with --label' };
    const said = cells[label] ?? '';
    const value = Object.hasOwn(LABELS, said.toLowerCase()) ? LABELS[said.toLowerCase()] : undefined;
    if (value === undefined)
      return { ok: false, message: cellFault(row.line, label, said, 'neither 0 nor 1, false nor true') };
    const when = time === null ? rows.length : timeOf(cells[time] ?? '');
    if (Number.isNaN(when))
      return { ok: false, message: cellFault(row.line, time ?? '', cells[time ?? ''] ?? '', 'no time') };
    rows.push({ values: row.values, label: value, when });
  }
  return { ok: true, rows: rows.toSorted((a, b) => a.when - b.when) };
};

const timeOf = (cell: string): number => {
  const number = cell === '' ? Number.NaN : Number(cell);
  return Number.isNaN(number) ? Date.parse(cell) : number;
};

const cellFault = (line: number, column: string, cell: string, trouble: string): string =>
  `line ${line}: column ${column} holds ${JSON.stringify(cell.slice(0, 40))}, which is ${trouble}`;
