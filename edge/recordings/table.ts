import { sensorConversion } from '../../domain/mapping/convert-sensor.ts';
import { mappingsOf } from '../../domain/mapping/map-payload.ts';
import type { Mapping, SensorMapping } from '../../domain/mapping/mapping.ts';
import { plainWord } from '../../domain/mapping/row-readers.ts';
import { AUTO_TIME, readTime, type TimeStyle, timeFault } from '../../domain/message/read-time.ts';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';

/** How a table is written: what stands between cells, and whether a comma is what its decimals begin with. */
export type TableStyle = Readonly<{
  separator: ',' | ';' | '\t' | '|';
  hasDecimalComma: boolean;
  /** Whether a map says that decimals begin with a point, so that a comma is of thousands. */
  hasThousands?: boolean;
}>;

/** Rows of a table, which hold until the next block is asked for; rows and columns count from 0. */
export type RowBlock = Readonly<{
  count: number;
  /** The line of the file on which a row ends, from 1. */
  line(row: number): number;
  /** How many cells a row has; empty ones beyond the last column do not count. */
  width(row: number): number;
  /** A cell without the blanks around it; empty where there is none. */
  text(row: number, column: number): string;
  /** A cell that is a plain number in the style of the table; NaN where it is anything else, which `text` says. */
  number(row: number, column: number): number;
}>;

/** A table of any kind of file: the names of its columns, and its rows, which can be read once. */
export type Table = Readonly<{
  header: readonly string[];
  style: TableStyle;
  /** What the number of a row is called. */
  place: 'line' | 'row';
  blocks: AsyncIterable<RowBlock>;
}>;

/** Something is wrong with a table; the message says where, and what would help. */
export class TableError extends SentinelError {
  override name = 'TableError';

  constructor(message: string, cause?: unknown) {
    super('TABLE', message, cause);
  }
}

/** Rows that are held as texts, the first of them on line `firstLine` or, where rows have several lines, on lines of their own. */
export const textBlock = (
  rows: readonly (readonly string[])[],
  lines: readonly number[],
  columns: number,
): RowBlock => ({
  count: rows.length,
  line: (row) => lines[row] ?? 0,
  width: (row) => {
    const cells = rows[row] ?? [];
    return cells.slice(columns).every((cell) => cell.trim() === '')
      ? Math.min(cells.length, columns)
      : cells.length;
  },
  text: (row, column) => (rows[row]?.[column] ?? '').trim(),
  number: () => Number.NaN,
});

/** Where a sensor comes from, a column or the name of a metric, and what becomes of its numbers; null is missing. */
export type SensorRule = Readonly<{
  from: string;
  convert: (value: number) => number | null;
  /** What stands behind the number in a cell. */
  unit: string | null;
  /** The column that says whether the number is good, and what it says then. */
  quality: Readonly<{ from: string; good: readonly string[] }> | null;
  /** A value that stands still for so long is none, ms. */
  stuckMs: number | null;
}>;

/** What a map says of a table; what it leaves out is found by its usual name, or told by the table. */
export type TableMap = Readonly<{
  separator?: TableStyle['separator'];
  decimal?: '.' | ',';
  /** One column, or one with the date and one with the clock. */
  time?: readonly string[];
  timeStyle?: TimeStyle;
  cylinder?: Readonly<{ column: string } | { name: string }>;
  /** How cylinders are called that a column calls otherwise. */
  names?: Readonly<Record<string, string>>;
  label?: Readonly<{ column: string; meanings?: ReadonlyMap<string, boolean | null> }>;
  sensors?: Readonly<Partial<Record<Sensor, SensorRule>>>;
  /** The columns of a table with one row for each metric. */
  long?: Readonly<{ metric: string; value: string }>;
  periodMs?: number;
  /** Cylinders that stand beside each other in a row, each with the map of its own columns or metrics. */
  devices?: readonly Readonly<{ cylinder: string; map: TableMap }>[];
  /** When cylinders were abnormal, where a file of its own says so and no column. */
  intervals?: LabelIntervals;
}>;

const sensorRule = (sensor: Sensor, mapping: SensorMapping): SensorRule => {
  const { from, unit = null, quality, stuckSeconds } = mapping;
  return {
    from,
    convert: sensorConversion(sensor, mapping),
    unit,
    quality:
      quality === undefined
        ? null
        : { from: quality.from, good: quality.good.map((one) => (one === null ? '' : plainWord(one))) },
    stuckMs: stuckSeconds === undefined ? null : stuckSeconds * 1000,
  };
};

/** The map of a table with several cylinders beside each other: the first one's, with those of all. */
const mapOfDevices = (mapping: Mapping): TableMap => {
  const devices = mappingsOf(mapping).map((one) => {
    const { devices: _, ...alone } = one;
    return { cylinder: one.cylinder?.name ?? '', map: tableMapOf(alone) };
  });
  return { ...devices[0]?.map, devices };
};

/** What a mapping says of a table, where its fields are columns. */
export const tableMapOf = (mapping: Mapping): TableMap => {
  const { separator, decimal, time, cylinder, label, long, periodMs, sensors, devices } = mapping;
  if (devices !== undefined) return mapOfDevices(mapping);
  const rules = SENSORS.flatMap((sensor) => {
    const rule = sensors[sensor];
    return rule === undefined ? [] : [[sensor, sensorRule(sensor, rule)] as const];
  });
  return {
    ...(separator === undefined ? {} : { separator }),
    ...(decimal === undefined ? {} : { decimal }),
    ...(time?.from === undefined ? {} : { time: time.from }),
    timeStyle: { as: time?.as ?? AUTO_TIME.as, zone: time?.zone ?? AUTO_TIME.zone },
    ...(cylinder?.from === undefined ? {} : { cylinder: { column: cylinder.from } }),
    ...(cylinder?.name === undefined ? {} : { cylinder: { name: cylinder.name } }),
    names: cylinder?.names ?? {},
    ...(label === undefined
      ? {}
      : {
          label: {
            column: label.from,
            ...(label.values === undefined ? {} : { meanings: new Map(Object.entries(label.values)) }),
          },
        }),
    ...(long === undefined ? {} : { long }),
    ...(periodMs === undefined ? {} : { periodMs }),
    sensors: Object.fromEntries(rules),
  };
};

/** Whether a cylinder was truly abnormal at a time, ms. */
type LabelIntervals = (cylinder: string, t: number) => boolean;

const BEGIN = /^(begin|start|from|onset|beginn|von)([ _-]?(time|ts|timestamp|zeit))?$/i;
const END = /^(end|stop|to|until|ende|bis)([ _-]?(time|ts|timestamp|zeit))?$/i;
const CYLINDER = /^(cylinder|machine|asset|device|maschine|zylinder)([ _-]?(id|name))?$/i;

/** Whether a line names the columns of a table of intervals. */
export const isIntervalHeader = (names: readonly string[]): boolean =>
  names.some((name) => BEGIN.test(name)) && names.some((name) => END.test(name));

/** A stretch of time of one cylinder, or of every one where `of` is null; both ends belong to it, ms. */
export type Interval = Readonly<{ beginMs: number; endMs: number; of: string | null }>;

/**
 * Reads intervals of cylinders, one a row: begin, end, and the cylinder where there are several. Without an end it is the
 * moment of its begin. Throws a TableError.
 */
export const readIntervals = async (
  table: Table,
  style: TimeStyle = AUTO_TIME,
): Promise<readonly Interval[]> => {
  const { header, place } = table;
  const [begin, end, cylinder] = [BEGIN, END, CYLINDER].map((word) =>
    header.findIndex((name) => word.test(name)),
  );
  if (begin === undefined || begin < 0 || end === undefined || end < 0)
    throw new TableError(`line 1: intervals need the columns begin and end; found: ${header.join(', ')}`);
  const intervals: Interval[] = [];
  for await (const block of table.blocks)
    for (let row = 0; row < block.count; row++) {
      const timeOf = (column: number): number => {
        const text = block.text(row, column);
        const ms = readTime(text, style);
        if (ms !== null) return ms;
        throw new TableError(`${place} ${block.line(row)}, column ${header[column]}: ${timeFault(text)}`);
      };
      const beginMs = timeOf(begin);
      const endMs = block.text(row, end) === '' ? beginMs : timeOf(end);
      if (endMs < beginMs) throw new TableError(`${place} ${block.line(row)}: its end is before its begin`);
      const of = cylinder === undefined || cylinder < 0 ? null : block.text(row, cylinder);
      intervals.push({ beginMs, endMs, of });
    }
  return intervals;
};

/** Whether a cylinder was abnormal at a time, by the intervals in which cylinders were. */
export const labelIntervals =
  (intervals: readonly Interval[]): LabelIntervals =>
  (name, t) =>
    intervals.some(({ beginMs, endMs, of }) => t >= beginMs && t <= endMs && (of === null || of === name));
