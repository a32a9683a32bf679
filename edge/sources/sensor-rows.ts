import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
// Tables written by numpy and pandas say nan for what is missing, and inf.
const MISSING = /^(nan)?$/i;
const INFINITE = /^([-+]?)inf(inity)?$/i;

/** The value in a cell of a table, null when it is missing (empty or `nan`), undefined when it is no number. */
export const readSensorCell = (cell: string): number | null | undefined => {
  if (MISSING.test(cell)) return null;
  if (NUMBER.test(cell)) return Number(cell);
  const sign = INFINITE.exec(cell)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

/** A row of sensor values with all its cells, or the first thing wrong with the table, naming line and column. */
export type SensorRow = Readonly<
  | { ok: true; line: number; values: SensorValues; cells: Readonly<Record<string, string>> }
  | { ok: false; message: string }
>;

/**
 * The rows of a CSV table with the six sensors and `alsoNeeded` among its columns, by name and in any order.
 * The first fault ends the rows.
 */
export async function* sensorRows(
  input: Readable,
  alsoNeeded: readonly string[] = [],
): AsyncGenerator<SensorRow> {
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, trim: true });
  input.on('error', (error) => parser.destroy(error));
  let header: readonly string[] | null = null;
  try {
    for await (const { record, info } of input.pipe(parser) as AsyncIterable<ParsedLine>) {
      if (header === null) {
        const fault = headerFault(record, alsoNeeded);
        if (fault !== null) return yield { ok: false, message: fault };
        header = record;
        continue;
      }
      const row = readRow(header, record, info.lines);
      yield row;
      if (!row.ok) return;
    }
    if (header === null) yield { ok: false, message: 'the table is empty: it needs a header row' };
  } catch (error) {
    yield { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

type ParsedLine = Readonly<{ record: readonly string[]; info: Readonly<{ lines: number }> }>;

const headerFault = (header: readonly string[], alsoNeeded: readonly string[]): string | null => {
  for (const column of [...SENSORS, ...alsoNeeded]) {
    const count = header.filter((name) => name === column).length;
    if (count === 0) return `line 1: there is no column ${column}; the header must name it`;
    if (count > 1) return `line 1: the column ${column} is there ${count} times; keep one`;
  }
  return null;
};

const readRow = (header: readonly string[], record: readonly string[], line: number): SensorRow => {
  const cells: Record<string, string> = Object.create(null);
  for (const [at, name] of header.entries()) cells[name] = record[at] ?? '';
  const values: (number | null)[] = [];
  for (const sensor of SENSORS) {
    const cell = cells[sensor] ?? '';
    const value = readSensorCell(cell);
    if (value === undefined) return { ok: false, message: cellFault(line, sensor, cell) };
    values.push(value);
  }
  return { ok: true, line, values, cells };
};

const cellFault = (line: number, column: string, cell: string): string => {
  const shown = JSON.stringify(cell.slice(0, 40));
  return `line ${line}: column ${column} holds ${shown}, which is not a number; leave a missing value empty`;
};
