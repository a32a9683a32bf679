import { sensorConversion } from '../../domain/mapping/convert-sensor.ts';
import type { Mapping, SensorMapping } from '../../domain/mapping/mapping.ts';
import { AUTO_TIME, type TimeStyle } from '../../domain/message/read-time.ts';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import type { LabelIntervals } from './label-intervals.ts';
import type { TableStyle } from './table.ts';

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
  /** When cylinders were abnormal, where a file of its own says so and no column. */
  intervals?: LabelIntervals;
}>;

const sensorRule = (sensor: Sensor, mapping: SensorMapping): SensorRule => {
  const { from, unit = null, quality, stuckSeconds } = mapping;
  return {
    from,
    convert: sensorConversion(sensor, mapping),
    unit,
    quality: quality === undefined ? null : { from: quality.from, good: quality.good.map(String) },
    stuckMs: stuckSeconds === undefined ? null : stuckSeconds * 1000,
  };
};

/** What a mapping says of a table, where its fields are columns. */
export const tableMapOf = (mapping: Mapping): TableMap => {
  const { separator, decimal, time, cylinder, label, long, periodMs, sensors } = mapping;
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
