import { SENSORS } from '../../domain/message/sample.ts';
import type { SourceSample } from '../sources/source.ts';
import { rowReader, type SampleRowsOptions } from './row-reader.ts';
import { BAD, cellReader, checkWidth } from './sensor-reader.ts';
import { type SensorRule, type Table, TableError, type TableMap } from './table.ts';

const MOST_NAMED = 10;

/** The good quality of OPC DA. */
const GOOD_CODE = '192';

type Gathered = { values: (number | null)[]; label: boolean | null };

/** What each metric is of by its name: which sensor, and of which cylinder where a map says so. */
const metricsOf = (map: TableMap) => {
  const devices = map.devices ?? [{ cylinder: null, map }];
  return new Map(
    devices.flatMap(({ cylinder, map: { sensors } }) =>
      SENSORS.map((sensor, index) => {
        const rule: SensorRule | null = sensors?.[sensor] ?? null;
        return [(rule?.from ?? sensor).toLowerCase(), { index, rule, cylinder }] as const;
      }),
    ),
  );
};

/**
 * The samples of a table with a row for each metric, as historians and databases of time series export them: rows of one
 * cylinder at one time are one sample, or those within one period where a map says how long it is. All is read before
 * anything is given, since each metric may stand in a part of its own.
 */
export async function* longRows(
  table: Table,
  options: SampleRowsOptions,
): AsyncGenerator<readonly SourceSample[], void> {
  const { columns, map = {}, onOdd } = options;
  const { long } = columns;
  if (long === null) return;
  const read = rowReader(table, { ...options, order: 'any' });
  const numberOf = cellReader(table, onOdd);
  const sensors = metricsOf(map);
  const cylinders = new Map<string, Map<number, Gathered>>();
  // Where a code says good as OPC DA does, by 192, values of lower codes are none; else codes are not known.
  const ofLowCode: (() => void)[] = [];
  let hasGoodCode = false;
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
      const cylinder = sensor.cylinder ?? read.cylinder(block, row);
      const times = cylinders.get(cylinder) ?? new Map<number, Gathered>();
      cylinders.set(cylinder, times);
      const sample = times.get(t) ?? { values: SENSORS.map(() => null), label: null };
      const quality = long.quality === null ? '' : block.text(row, long.quality.index);
      const isBad = BAD.test(quality) || (quality === '0' && long.quality?.name.toLowerCase() === 'validity');
      sample.values[sensor.index] = isBad ? null : numberOf(block, row, long.value, sensor.rule);
      hasGoodCode ||= quality === GOOD_CODE;
      if (/^\d+$/.test(quality) && Number(quality) < Number(GOOD_CODE))
        ofLowCode.push(() => {
          sample.values[sensor.index] = null;
        });
      sample.label = read.label(block, row, cylinder, t) ?? sample.label;
      times.set(t, sample);
    }
  read.end();
  if (hasGoodCode) for (const leaveOut of ofLowCode) leaveOut();
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
