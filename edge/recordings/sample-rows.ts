import { readNumberCell } from '../../domain/mapping/convert-sensor.ts';
import { AUTO_TIME, timeFault } from '../../domain/message/read-time.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { isName, nameFault } from '../../domain/message/topic.ts';
import type { SourceSample } from '../sources/source.ts';
import { clockReader, secondOfTwo } from './clock-reader.ts';
import type { Column, Columns } from './columns.ts';
import {
  cellFault,
  cellReader,
  checkWidth,
  type OddCell,
  sensorReader,
  stuckFilter,
} from './sensor-reader.ts';
import { type RowBlock, type Table, TableError, type TableMap } from './table.ts';

export type SampleRowsOptions = Readonly<{
  columns: Columns;
  /** The cylinder of rows that name none. */
  cylinder: string;
  map?: TableMap;
  /**
   * `time`: each cylinder's rows must be in the order of time, which must be readable. `newest`: the same, from the newest
   * on. `any`: it must be readable. `rows`: rows are in their order, and a time that cannot be read is NaN. Default: `time`.
   */
  order?: 'time' | 'newest' | 'any' | 'rows';
  onOdd?: (cell: OddCell) => void;
}>;

const LABELS: ReadonlyMap<string, boolean | null> = new Map([
  ...['0', '0.0', 'false', 'no', 'normal'].map((word) => [word, false] as const),
  ...['1', '1.0', 'true', 'yes', 'abnormal'].map((word) => [word, true] as const),
  ...['', 'na', 'nan', 'null', 'none'].map((word) => [word, null] as const),
]);

const shown = (text: string): string => JSON.stringify(text.slice(0, 40));

/** What to do about a number that is too small to be a time: it may count from the beginning. */
const countAdvice = (text: string): string =>
  /^\d{1,7}(\.\d*)?$/.test(text)
    ? '; if it counts from the beginning of the recording, map time as epoch-s or epoch-ms'
    : '';

/** Reads what a row says besides its numbers: when it was, of which cylinder, and how it is labelled. */
export const rowReader = (
  table: Table,
  { columns, cylinder, map = {}, order = 'time' }: SampleRowsOptions,
) => {
  const { time, date, label } = columns;
  const { names = {}, timeStyle = AUTO_TIME } = map;
  const readClock = clockReader(timeStyle);
  const machines = new Map<Column, string>();
  const meanings = map.label?.meanings ?? LABELS;

  let hasTime = false;
  let pending: TableError | null = null;

  const fault = (block: RowBlock, row: number, column: Column, message: string) =>
    cellFault(table, block, row, column, message);

  /** Whether a row without a time is of units or dashes below the header, or a note or a sum at the end: it has no data. */
  const isNote = (block: RowBlock, row: number): boolean => {
    const cells = table.header.map((_, index) => block.text(row, index));
    const numbers = cells.filter(
      (cell) => typeof readNumberCell(cell, table.style.hasDecimalComma) === 'number',
    );
    if (!hasTime) return numbers.length === 0;
    const said = cells.filter((cell) => cell !== '');
    return (
      said.length <= 1 ||
      (numbers.length < columns.sensors.length && !/\d/.test(cells[time?.index ?? 0] ?? ''))
    );
  };

  const checkMachine = (block: RowBlock, row: number, column: Column): void => {
    const name = block.text(row, column.index);
    const first = machines.get(column);
    if (first === undefined) machines.set(column, name);
    else if (first !== name) {
      const named = JSON.stringify({ cylinder: { from: column.name } });
      const advice = `say in a map (--map) which column names the cylinder: ${named}`;
      const message = `${shown(name)} after ${shown(first)}: these look like several machines, which are not merged`;
      throw fault(block, row, column, `${message}; ${advice}`);
    }
  };

  return {
    fault,
    /** When a row was, ms; NaN where that is not needed and not known, null for a row that names the columns again. */
    time: (block: RowBlock, row: number): number | null => {
      if (time === null) return Number.NaN;
      const clock = block.text(row, time.index);
      const text = date === null ? clock : `${block.text(row, date.index)} ${clock}`;
      const t = readClock(text);
      if (t !== null) {
        if (hasTime && pending !== null) throw pending;
        hasTime = true;
        pending = null;
        return t;
      }
      if (clock === time.name) return null;
      if (order === 'rows') return Number.NaN;
      const wrong = fault(block, row, time, `${timeFault(text)}${countAdvice(text)}`);
      if (!isNote(block, row)) throw pending ?? wrong;
      pending ??= wrong;
      return null;
    },
    /** At the end of the rows: throws what was wrong with the first, where none had a time. */
    end: (): void => {
      if (!hasTime && pending !== null) throw pending;
    },
    /** That time, or the second of two of the same clock, if it is not before another; throws where it is. */
    inOrder: (block: RowBlock, row: number, t: number, before: number | undefined): number => {
      if (order === 'any' || order === 'rows' || time === null || before === undefined) return t;
      const isBehind = (one: number): boolean => (order === 'time' ? one >= before : one <= before);
      if (isBehind(t)) return t;
      const second = secondOfTwo(t, timeStyle);
      if (second !== null && isBehind(second)) return second;
      const times = `${new Date(t).toISOString()} comes after ${new Date(before).toISOString()}`;
      throw fault(block, row, time, `${times}; the rows of a cylinder must be in the order of time`);
    },
    cylinder: (block: RowBlock, row: number): string => {
      for (const column of columns.suspects) checkMachine(block, row, column);
      if (columns.cylinder === null) return cylinder;
      const said = block.text(row, columns.cylinder.index);
      const name = Object.hasOwn(names, said) ? names[said] : said;
      if (isName(name)) return name;
      const wanted = 'a name has letters, digits, colon, underscore and hyphen (at most 128)';
      const message = `${shown(said)} is not a name: it ${nameFault(said)}; ${wanted}, or a map gives it one`;
      throw fault(block, row, columns.cylinder, message);
    },
    label: (block: RowBlock, row: number, name: string, t: number): boolean | null => {
      if (map.intervals !== undefined) return map.intervals(name, t);
      if (label === null) return null;
      const text = block.text(row, label.index);
      const known = meanings.has(text) ? meanings.get(text) : meanings.get(text.toLowerCase());
      if (known !== undefined) return known;
      const expected = map.label?.meanings === undefined ? '0, 1 or empty' : 'among those of the map';
      const advice = JSON.stringify({ label: { from: label.name, values: { [text.slice(0, 40)]: '…' } } });
      throw fault(
        block,
        row,
        label,
        `${shown(text)} is not ${expected}; a map says what it means, true, false or null: ${advice}`,
      );
    },
  };
};

/** The samples of a table with a row for each, block by block; throws a TableError at the first thing that is wrong. */
export async function* sampleRows(
  table: Table,
  options: SampleRowsOptions,
): AsyncGenerator<readonly SourceSample[], void> {
  const valuesOf = sensorReader(table, options.columns, options.onOdd);
  const read = rowReader(table, options);
  // Whether a value stands still is told from the oldest on.
  const leaveOutStuck = options.order === 'newest' ? () => undefined : stuckFilter(options.columns);
  const latest = new Map<string, number>();
  for await (const block of table.blocks) {
    const samples: SourceSample[] = [];
    for (let row = 0; row < block.count; row++) {
      const said = read.time(block, row);
      if (said === null) continue;
      const values = valuesOf(block, row);
      const cylinder = read.cylinder(block, row);
      const t = read.inOrder(block, row, said, latest.get(cylinder));
      latest.set(cylinder, t);
      leaveOutStuck(cylinder, t, values);
      samples.push({ cylinder, t, values, label: read.label(block, row, cylinder, t) });
    }
    yield samples;
  }
  read.end();
}

const MOST_NAMED = 10;

/**
 * The samples of a table with a row for each metric, as historians and databases of time series export them: rows of one
 * cylinder at one time are one sample, or those within one period where a map says how long it is. All is read before
 * anything is given, since each metric may stand in a part of its own.
 */
async function* longRows(
  table: Table,
  options: SampleRowsOptions,
): AsyncGenerator<readonly SourceSample[], void> {
  const { columns, map = {}, onOdd } = options;
  const { long } = columns;
  if (long === null) return;
  const read = rowReader(table, { ...options, order: 'any' });
  const numberOf = cellReader(table, onOdd);
  const sensors = new Map(
    SENSORS.map((sensor, index) => {
      const rule = map.sensors?.[sensor] ?? null;
      return [(rule?.from ?? sensor).toLowerCase(), { index, rule }] as const;
    }),
  );
  const cylinders = new Map<string, Map<number, { values: (number | null)[]; label: boolean | null }>>();
  const others = new Set<string>();
  const { periodMs } = map;
  for await (const block of table.blocks)
    for (let row = 0; row < block.count; row++) {
      const said = read.time(block, row);
      if (said === null) continue;
      checkWidth(table, block, row);
      const metric = block.text(row, long.metric.index);
      const sensor = sensors.get(metric.toLowerCase());
      if (sensor === undefined) {
        others.add(metric);
        continue;
      }
      const t = periodMs === undefined ? said : Math.floor(said / periodMs) * periodMs;
      const cylinder = read.cylinder(block, row);
      const times =
        cylinders.get(cylinder) ?? new Map<number, { values: (number | null)[]; label: boolean | null }>();
      cylinders.set(cylinder, times);
      const sample = times.get(t) ?? { values: SENSORS.map(() => null), label: null };
      const isBad = long.quality !== null && /^bad/i.test(block.text(row, long.quality.index));
      sample.values[sensor.index] = isBad ? null : numberOf(block, row, long.value, sensor.rule);
      sample.label = read.label(block, row, cylinder, t) ?? sample.label;
      times.set(t, sample);
    }
  read.end();
  if (cylinders.size === 0 && others.size > 0) {
    const found = [...others].slice(0, MOST_NAMED).join(', ');
    throw new TableError(
      `line 1, column ${long.metric.name}: none of the sensors is among its metrics; say in a map which is which; found: ${found}`,
    );
  }
  const samples = [...cylinders].flatMap(([cylinder, times]) =>
    Array.from(times, ([t, sample]) => ({ cylinder, t, ...sample })),
  );
  yield samples.toSorted((a, b) => a.t - b.t);
}

/** The samples of a table of either form; throws a TableError at the first thing that is wrong. */
export const tableSamples = (
  table: Table,
  options: SampleRowsOptions,
): AsyncGenerator<readonly SourceSample[], void> =>
  options.columns.long === null ? sampleRows(table, options) : longRows(table, options);
