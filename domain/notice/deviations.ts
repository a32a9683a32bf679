import { deviationOf, rangeOf } from '../cylinder/baseline.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';

/** A sensor against its baseline: its recent mean, its usual range (null while unknown), and by how many standard deviations. */
export type Deviation = Readonly<{
  sensor: Sensor;
  value: number;
  low: number | null;
  high: number | null;
  deviation: number;
}>;

/** All sensors that answered, the largest deviation first. */
export const deviationsOf = (statistics: Statistics): readonly Deviation[] =>
  SENSORS.flatMap((sensor, index): Deviation[] => {
    const value = statistics.recent[index] ?? null;
    const baseline = statistics.baselines[index];
    if (value === null || baseline === undefined) return [];
    const range = rangeOf(baseline);
    return [
      {
        sensor,
        value,
        low: range?.low ?? null,
        high: range?.high ?? null,
        deviation: deviationOf(baseline, value),
      },
    ];
  }).sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation));
