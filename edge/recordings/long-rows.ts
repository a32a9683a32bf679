import { SENSORS } from '../../domain/message/sample.ts';
import type { SourceSample } from '../sources/source.ts';
import { rowReader, type SampleRowsOptions, sampleRows } from './sample-rows.ts';
import { cellReader, checkWidth } from './sensor-reader.ts';
import { type Table, TableError } from './table.ts';

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
      sample.values[sensor.index] = numberOf(block, row, long.value, sensor.rule);
      sample.label = read.label(block, row, cylinder, t) ?? sample.label;
      times.set(t, sample);
    }
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
