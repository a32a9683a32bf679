import { deviationOf, rangeOf } from '../cylinder/baseline.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';

/** A sensor that moved: its recent mean, its usual range (null while unknown), and by how many standard deviations. */
export type Deviation = Readonly<{
  sensor: Sensor;
  value: number;
  low: number | null;
  high: number | null;
  deviation: number;
}>;

/** All sensors that answered, the one that moved most first. */
export const deviationsOf = (vitals: Statistics): readonly Deviation[] =>
  SENSORS.flatMap((sensor, index): Deviation[] => {
    const value = vitals.recent[index] ?? null;
    const usual = vitals.usual[index];
    if (value === null || usual === undefined) return [];
    const range = rangeOf(usual);
    return [
      {
        sensor,
        value,
        low: range?.low ?? null,
        high: range?.high ?? null,
        deviation: deviationOf(usual, value),
      },
    ];
  }).sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation));
