import { deviationOf, rangeOf } from '../cylinder/baseline.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';
import type { Shift } from './advice.ts';

/** Standard deviations from the usual mean within which a sensor has not moved. */
const MIN_DEVIATION = 2;

/**
 * What a sensor can show at all. Seals and grease stand 80 °C (the usual limit of a cylinder's data sheet); vibration,
 * current and speed have no upper limit of their own.
 */
const POSSIBLE: Readonly<Record<Sensor, Readonly<{ least: number; most: number | null }>>> = {
  rVibration_Temp: { least: -20, most: 80 },
  rVibration_Z_RMS_Velocity: { least: 0, most: null },
  rVibration_X_RMS_Velocity: { least: 0, most: null },
  wRMSCurrent: { least: 0, most: null },
  wCurrentLoad: { least: 0, most: 100 },
  wEncoderVelocity: { least: 0, most: null },
};

/** The part of the room above or below the usual that was used up; with no limit above, the part of the value that is new. */
const shareOf = (sensor: Sensor, usual: number, value: number): number => {
  const { least, most } = POSSIBLE[sensor];
  if (value < usual) return usual <= least ? 0 : -Math.min(1, (usual - value) / (usual - least));
  if (most !== null && usual < most) return Math.min(1, (value - usual) / (most - usual));
  return value <= 0 ? 0 : Math.min(1, (value - usual) / value);
};

/** How far each sensor that answered has moved while the cylinder was abnormal (of late, where it was not), the most first. */
export const shiftsOf = ({ abnormal, recent, baselines }: Statistics): readonly Shift[] =>
  SENSORS.flatMap((sensor, index): Shift[] => {
    const value = abnormal?.values[index] ?? recent[index] ?? null;
    const known = baselines[index];
    if (value === null || known === undefined) return [];
    const range = rangeOf(known);
    const deviation = deviationOf(known, value);
    const share = Math.abs(deviation) < MIN_DEVIATION ? 0 : shareOf(sensor, known.mean, value);
    return [{ sensor, value, low: range?.low ?? null, high: range?.high ?? null, deviation, share }];
  }).sort((a, b) => Math.abs(b.share) - Math.abs(a.share) || Math.abs(b.deviation) - Math.abs(a.deviation));
