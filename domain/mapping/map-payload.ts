import type { PayloadMapper } from '../message/read-message.ts';
import { SENSORS } from '../message/sample.ts';
import { absentSensors } from '../message/sensor-faults.ts';
import { isTopicOf } from '../message/topic.ts';
import { AT } from './connections.ts';
import { createStuckGuard, readNumberCell } from './convert-sensor.ts';
import type { Mapping } from './mapping.ts';
import { metricRows } from './metric-rows.ts';
import { pathReader, type Row, rowsOf, withBases } from './payload-rows.ts';
import { mappedSensor, placeReader, type RowReading, type RowsReader } from './row-readers.ts';

const CARRIED = ['boot', 'model', 'why'] as const;
const NUMBERS = ['seq', 'probability'] as const;

/** A value that is carried on; a number may be a text, as all may where there is a mapping. */
const carried = (value: unknown): unknown => {
  const number = typeof value === 'string' ? readNumberCell(value.trim()) : undefined;
  return number ?? value;
};

/** Reads rows that are one sample each. */
const sampleRows = (mapping: Mapping): RowsReader => {
  const at = placeReader(mapping);
  const isStuck = createStuckGuard();
  const sensors = SENSORS.map((sensor) => {
    const rule = mapping.sensors[sensor] ?? { from: sensor };
    return { sensor, from: rule.from, read: mappedSensor(sensor, rule, mapping.decimal, isStuck) };
  });
  const looked = sensors.map(({ from }) => from);
  return (rows, origin) =>
    rows.map((row) =>
      at(row, origin, ({ gateway, cylinder, t }): RowReading => {
        const fields: Record<string, unknown> = { t };
        for (const { sensor, read } of sensors) fields[sensor] = read(row, t, cylinder);
        if (sensors.every(({ sensor }) => fields[sensor] === undefined)) {
          const detail = absentSensors(row.fields, looked);
          return {
            one: { gateway, rejection: { reason: 'sensor', detail, cylinder, t: null } },
            isAbsent: true,
          };
        }
        for (const name of CARRIED) fields[name] = row.fields[name];
        for (const name of NUMBERS) fields[name] = carried(row.fields[name]);
        return { one: { gateway, cylinder, fields }, isAbsent: false };
      }),
    );
};

/** Makes a mapper of a mapping that has been checked; it remembers values only where they may be stuck. */
export const payloadMapper = (mapping: Mapping): PayloadMapper => {
  const samples = mapping.samples === undefined ? undefined : pathReader(mapping.samples);
  const readers = mappingsOf(mapping).map((one) =>
    one.long === undefined ? sampleRows(one) : metricRows(one, one.long),
  );
  return ({ topic, receivedAt }, origin, roots) => {
    if (mapping.topics?.some((filter) => isTopicOf(filter, topic)) === false) return null;
    const rows = roots.flatMap((root) =>
      rowsOf(root, samples).map(({ fields, key }): Row => ({ fields, root, key, topic, receivedAt })),
    );
    const readings = readers.flatMap((read) => read(withBases(rows), origin));
    if (readers.length === 1) return readings.map(({ one }) => one);
    // A message need not hold all of the devices.
    const there = readings.filter(({ isAbsent }) => !isAbsent);
    return (there.length > 0 ? there : readings.slice(0, 1)).map(({ one }) => one);
  };
};

const placed = (text: string, at: string): string => text.replaceAll(AT, at);

/** A mapping for each of the devices that are in a message beside each other. */
export const mappingsOf = (mapping: Mapping): readonly Mapping[] => {
  const { devices, sensors, time } = mapping;
  if (devices === undefined) return [mapping];
  return devices.map(({ cylinder, at }) => ({
    ...mapping,
    cylinder: { name: cylinder },
    time: time?.from === undefined ? time : { ...time, from: time.from.map((from) => placed(from, at)) },
    sensors: Object.fromEntries(
      SENSORS.flatMap((sensor) => {
        const rule = sensors[sensor];
        if (rule === undefined) return [];
        const { quality } = rule;
        const good = quality === undefined ? {} : { quality: { ...quality, from: placed(quality.from, at) } };
        return [[sensor, { ...rule, from: placed(rule.from, at), ...good }] as const];
      }),
    ),
  }));
};
