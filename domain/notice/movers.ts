import { deviationOf, rangeOf } from '../cylinder/usual-range.ts';
import type { Vitals } from '../cylinder/vitals.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';

/** A sensor that moved: its recent mean, its usual range (null while unknown), and by how many standard deviations. */
export type Mover = Readonly<{
  sensor: Sensor;
  value: number;
  low: number | null;
  high: number | null;
  deviation: number;
}>;

/** All sensors that answered, the one that moved most first. */
export const moversOf = (vitals: Vitals): readonly Mover[] =>
  SENSORS.flatMap((sensor, index): Mover[] => {
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
