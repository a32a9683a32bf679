import type { Readable } from 'node:stream';
import { sensorRows } from '../sources/sensor-rows.ts';
import type { LabelledRow } from './boost.ts';

/** `remarks` say which cells were taken as missing though they hold something, each with the line of the first. */
export type LabelledRowsResult = Readonly<
  { ok: true; rows: readonly LabelledRow[]; remarks: readonly string[] } | { ok: false; message: string }
>;

/** Which columns say what a row is (null: `label` or `anomaly`), and, where rows are not in order of time, when it was. */
export type LabelColumns = Readonly<{ label: string | null; time: string | null }>;

const USUAL_LABELS = ['label', 'anomaly'];

const LABELS: Readonly<Record<string, number>> = { '0': 0, '0.0': 0, false: 0, '1': 1, '1.0': 1, true: 1 };

/**
 * The rows of a CSV table with their labels (1 or true is abnormal, 0 or false is not), in order of time. Infinite
 * values are no measurements: they are missing.
 */
export const labelledRows = async (input: Readable, columns: LabelColumns): Promise<LabelledRowsResult> => {
  const { time } = columns;
  const needed = [columns.label, time].filter((column) => column !== null);
  const rows: (LabelledRow & Readonly<{ when: number }>)[] = [];
  const odd = new Map<string, { cells: number; said: string; line: number }>();
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
    for (const { column, said } of row.odd) {
      const known = odd.get(column) ?? { cells: 0, said, line: row.line };
      odd.set(column, { ...known, cells: known.cells + 1 });
    }
    const values = row.values.map((cell) => (cell === null || Number.isFinite(cell) ? cell : null));
    const recording = Object.hasOwn(cells, 'cylinder') ? { recording: cells.cylinder ?? '' } : {};
    rows.push({ values, label: value, when, ...recording });
  }
  const remarks = Array.from(
    odd,
    ([column, { cells, said, line }]) =>
      `line ${line}: column ${column} holds ${JSON.stringify(said)}, which is taken as missing (${cells} such ${cells === 1 ? 'cell' : 'cells'})`,
  );
  return { ok: true, rows: rows.toSorted((a, b) => a.when - b.when), remarks };
};

const timeOf = (cell: string): number => {
  const number = cell === '' ? Number.NaN : Number(cell);
  return Number.isNaN(number) ? Date.parse(cell) : number;
};

const cellFault = (line: number, column: string, cell: string, trouble: string): string =>
  `line ${line}: column ${column} holds ${JSON.stringify(cell.slice(0, 40))}, which is ${trouble}`;
