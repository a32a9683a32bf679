import type { TimeStyle } from '../../domain/message/read-time.ts';
import type { Sensor } from '../../domain/message/sample.ts';
import type { TableStyle } from './table.ts';

/** Where a sensor comes from, a column or the name of a metric, and what becomes of its numbers; null is missing. */
export type SensorRule = Readonly<{
  from: string;
  convert: ((value: number) => number | null) | null;
  /** What stands behind the number in a cell. */
  unit: string | null;
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
}>;
