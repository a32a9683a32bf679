import type { Sensor } from '../message/sample.ts';
import type { Deviation } from './deviations.ts';

/** Standard deviations from the usual mean beyond which a value deviates. */
const MIN_DEVIATION = 2;

/** What a technician should look at first; the words for it are in the tables of each language. */
export const ADVICES = [
  'encoder',
  'load',
  'seals',
  'bearing',
  'mounting',
  'rod-guide',
  'cooling',
  'cylinder',
] as const;
export type Advice = (typeof ADVICES)[number];

/** How a sensor deviates from its baseline: up or down, and its value as a multiple of the middle of its usual range (1 where unknown). */
type SensorShift = Readonly<{ up: boolean; down: boolean; times: number }>;
type SensorShifts = Readonly<Record<Sensor, SensorShift>>;

const NO_SHIFT: SensorShift = { up: false, down: false, times: 1 };

const shiftOf = (deviation: Deviation | undefined): SensorShift => {
  if (deviation === undefined || deviation.low === null || deviation.high === null) return NO_SHIFT;
  const middle = (deviation.low + deviation.high) / 2;
  return {
    up: deviation.deviation >= MIN_DEVIATION,
    down: deviation.deviation <= -MIN_DEVIATION,
    times: middle === 0 ? 1 : deviation.value / middle,
  };
};

/** What to look at by how the sensors moved together; the first match holds. */
const PATTERNS: readonly Readonly<{ matches: (shifts: SensorShifts) => boolean; advice: Advice }>[] = [
  { matches: ({ wEncoderVelocity: speed }) => speed.down && speed.times < 0.1, advice: 'encoder' },
  {
    // More drive gives less speed; where the load has grown by more than the speed has dropped, it is the load.
    matches: ({ wEncoderVelocity: speed, wCurrentLoad: load }) =>
      load.up && load.times - 1 > 1.5 * (1 - speed.times),
    advice: 'load',
  },
  {
    matches: ({ wEncoderVelocity: speed, wRMSCurrent: current, wCurrentLoad: load }) =>
      speed.down && (current.up || load.up),
    advice: 'seals',
  },
  {
    matches: ({ rVibration_Z_RMS_Velocity: z, rVibration_Temp: temperature }) => z.up && temperature.up,
    advice: 'bearing',
  },
  {
    matches: ({ rVibration_X_RMS_Velocity: x, rVibration_Z_RMS_Velocity: z }) => x.up && x.times > z.times,
    advice: 'mounting',
  },
  {
    matches: ({ rVibration_Z_RMS_Velocity: z }) => z.up,
    advice: 'rod-guide',
  },
  { matches: ({ wEncoderVelocity: speed }) => speed.down, advice: 'encoder' },
  { matches: ({ wRMSCurrent: current, wCurrentLoad: load }) => current.up || load.up, advice: 'load' },
  {
    matches: ({ rVibration_Temp: temperature }) => temperature.up,
    advice: 'cooling',
  },
];

/** What a technician should look at first; the cylinder as a whole where no sensor deviates enough. */
export const adviceOn = (deviations: readonly Deviation[]): Advice => {
  const shift = (sensor: Sensor): SensorShift =>
    shiftOf(deviations.find((deviation) => deviation.sensor === sensor));
  const shifts: SensorShifts = {
    rVibration_Temp: shift('rVibration_Temp'),
    rVibration_Z_RMS_Velocity: shift('rVibration_Z_RMS_Velocity'),
    rVibration_X_RMS_Velocity: shift('rVibration_X_RMS_Velocity'),
    wRMSCurrent: shift('wRMSCurrent'),
    wCurrentLoad: shift('wCurrentLoad'),
    wEncoderVelocity: shift('wEncoderVelocity'),
  };
  return PATTERNS.find((pattern) => pattern.matches(shifts))?.advice ?? 'cylinder';
};
