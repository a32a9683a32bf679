import { SENSORS } from '../../../domain/message/sample.ts';

/** A set of sensors as bits: bit i for the sensor at place i in SENSORS. */
export type SensorSet = number;

export const ALL_SENSORS: SensorSet = (1 << SENSORS.length) - 1;

/** For each set its sensors' places, ascending. */
export const MEMBERS: readonly Uint8Array[] = Array.from({ length: ALL_SENSORS + 1 }, (_, set) =>
  Uint8Array.from(SENSORS.keys().filter((sensor) => (set >> sensor) & 1)),
);

/** For a set above, and a subset of all sensors in the six bits below, what rankWithin says: 4 KB. */
export const RANKS = new Uint8Array((ALL_SENSORS + 1) ** 2);
for (const [set, members] of MEMBERS.entries())
  for (let subset = 0; subset <= ALL_SENSORS; subset++)
    for (const [i, sensor] of members.entries())
      RANKS[(set << SENSORS.length) | subset] =
        (RANKS[(set << SENSORS.length) | subset] ?? 0) | (((subset >> sensor) & 1) << i);

/** The bits of `subset` that belong to `set`, moved together: a number from 0 to below 2^(members of set). */
export const rankWithin = (set: SensorSet, subset: SensorSet): number =>
  RANKS[(set << SENSORS.length) | subset] ?? 0;
