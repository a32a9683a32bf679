import type { Sensor } from '../message/sample.ts';
import type { Deviation } from './deviations.ts';

/** Standard deviations from the usual mean beyond which a sensor is said to have moved. */
const MOVED = 2;

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

/** How a sensor stands: whether it moved, and its value as a multiple of its usual middle (1 where that is unknown). */
type Standing = Readonly<{ up: boolean; down: boolean; times: number }>;
type Standings = Readonly<Record<Sensor, Standing>>;

const STILL: Standing = { up: false, down: false, times: 1 };

const standingOf = (mover: Deviation | undefined): Standing => {
  if (mover === undefined || mover.low === null || mover.high === null) return STILL;
  const middle = (mover.low + mover.high) / 2;
  return {
    up: mover.deviation >= MOVED,
    down: mover.deviation <= -MOVED,
    times: middle === 0 ? 1 : mover.value / middle,
  };
};

/** What to look at by how the sensors moved together; the first that fits holds. */
const PATTERNS: readonly Readonly<{ fits: (standings: Standings) => boolean; look: Advice }>[] = [
  { fits: ({ wEncoderVelocity: speed }) => speed.down && speed.times < 0.1, look: 'encoder' },
  {
    // More drive gives less speed; where the load has grown by more than the speed has dropped, it is the load.
    fits: ({ wEncoderVelocity: speed, wCurrentLoad: load }) =>
      load.up && load.times - 1 > 1.5 * (1 - speed.times),
    look: 'load',
  },
  {
    fits: ({ wEncoderVelocity: speed, wRMSCurrent: current, wCurrentLoad: load }) =>
      speed.down && (current.up || load.up),
    look: 'seals',
  },
  {
    fits: ({ rVibration_Z_RMS_Velocity: z, rVibration_Temp: temperature }) => z.up && temperature.up,
    look: 'bearing',
  },
  {
    fits: ({ rVibration_X_RMS_Velocity: x, rVibration_Z_RMS_Velocity: z }) => x.up && x.times > z.times,
    look: 'mounting',
  },
  {
    fits: ({ rVibration_Z_RMS_Velocity: z }) => z.up,
    look: 'rod-guide',
  },
  { fits: ({ wEncoderVelocity: speed }) => speed.down, look: 'encoder' },
  { fits: ({ wRMSCurrent: current, wCurrentLoad: load }) => current.up || load.up, look: 'load' },
  {
    fits: ({ rVibration_Temp: temperature }) => temperature.up,
    look: 'cooling',
  },
];

/** What a technician should look at first; the cylinder as a whole where nothing has moved enough to tell. */
export const adviceOn = (movers: readonly Deviation[]): Advice => {
  const standing = (sensor: Sensor): Standing => standingOf(movers.find((mover) => mover.sensor === sensor));
  const standings: Standings = {
    rVibration_Temp: standing('rVibration_Temp'),
    rVibration_Z_RMS_Velocity: standing('rVibration_Z_RMS_Velocity'),
    rVibration_X_RMS_Velocity: standing('rVibration_X_RMS_Velocity'),
    wRMSCurrent: standing('wRMSCurrent'),
    wCurrentLoad: standing('wCurrentLoad'),
    wEncoderVelocity: standing('wEncoderVelocity'),
  };
  return PATTERNS.find((pattern) => pattern.fits(standings))?.look ?? 'cylinder';
};
