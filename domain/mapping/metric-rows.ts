import { SENSORS } from '../message/sample.ts';
import { createStuckGuard } from './convert-sensor.ts';
import type { Mapping } from './mapping.ts';
import { rowReader } from './payload-rows.ts';
import { mappedSensor, type Place, placeReader, type RowReading, type RowsReader } from './row-readers.ts';

const MAX_NAMED = 8;

/** What the rows of one cylinder at one time have said so far. */
type Gathered = Place & { readonly fields: Record<string, unknown>; readonly metrics: Set<string> };

/**
 * Reads rows that are one value each, as historians and servers of OPC publish them: those of one cylinder at one time,
 * or within one period where the mapping has one, are one sample. A single value of several that are mapped is refused:
 * as a sample it would say that all others did not answer.
 */
export const metricRows = (
  mapping: Mapping,
  { metric, value }: { metric: string; value: string },
): RowsReader => {
  const at = placeReader(mapping);
  const metricOf = rowReader(metric);
  const isStuck = createStuckGuard();
  const { periodMs = 1, sensors } = mapping;
  const readers = new Map(
    SENSORS.map((sensor) => {
      const rule = { ...sensors[sensor], from: value };
      const read = mappedSensor(sensor, rule, mapping.decimal, isStuck);
      return [sensors[sensor]?.from ?? sensor, { sensor, read }] as const;
    }),
  );
  const wanted = Object.values(sensors).filter((rule) => rule !== undefined).length || SENSORS.length;

  const refused = (place: Omit<Place, 't'> | null, detail: string): RowReading => {
    const { gateway = null, cylinder = null } = place ?? {};
    const rejection = { reason: 'sensor' as const, detail, cylinder, t: null };
    return { one: { gateway, rejection }, isAbsent: place === null };
  };

  const sampleOf = ({ gateway, cylinder, t, fields, metrics }: Gathered): RowReading => {
    if (metrics.size > 1 || wanted === 1)
      return { one: { gateway, cylinder, fields: { ...fields, t } }, isAbsent: false };
    const period =
      mapping.periodMs === undefined ? ', or give periodMs, within which values are of one sample' : '';
    const detail = `only ${[...metrics].join()} is there of ${wanted} values at its time: let all of a cylinder be published in one message${period}`;
    return refused({ gateway, cylinder }, detail);
  };

  return (rows, origin) => {
    const gathered = new Map<string, Gathered>();
    const readings: RowReading[] = [];
    const others = new Set<string>();
    for (const row of rows) {
      const name = String(metricOf(row));
      const reader = readers.get(name);
      if (reader === undefined) {
        others.add(name);
        continue;
      }
      const fault = at(row, origin, ({ gateway, cylinder, t: said }) => {
        const t = Math.floor(said / periodMs) * periodMs;
        const key = `${gateway} ${cylinder} ${t}`;
        const own = gathered.get(key) ?? { gateway, cylinder, t, fields: {}, metrics: new Set() };
        own.fields[reader.sensor] = reader.read(row, said, cylinder);
        own.metrics.add(name);
        gathered.set(key, own);
        return null;
      });
      if (fault !== null) readings.push(fault);
    }
    for (const own of gathered.values()) readings.push(sampleOf(own));
    if (readings.length > 0 || rows.length === 0) return readings;
    const [found, looked] = [others, readers.keys()].map((names) =>
      [...names].slice(0, MAX_NAMED).join(', '),
    );
    return [
      refused(
        null,
        `none of the six sensors is among its values, found ${found}, looked for ${looked}: map each sensor from the name of its value`,
      ),
    ];
  };
};
