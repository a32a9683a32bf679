import type { Sensor } from '../message/sample.ts';
import type { Mover } from './movers.ts';

/** Standard deviations from the usual mean beyond which a sensor is said to have moved. */
const MOVED = 2;

/** How a sensor stands: whether it moved, and its value as a multiple of its usual middle (1 where that is unknown). */
type Standing = Readonly<{ up: boolean; down: boolean; times: number }>;
type Standings = Readonly<Record<Sensor, Standing>>;

const STILL: Standing = { up: false, down: false, times: 1 };

const standingOf = (mover: Mover | undefined): Standing => {
  if (mover === undefined || mover.low === null || mover.high === null) return STILL;
  const middle = (mover.low + mover.high) / 2;
  return {
    up: mover.deviation >= MOVED,
    down: mover.deviation <= -MOVED,
    times: middle === 0 ? 1 : mover.value / middle,
  };
};

const ENCODER = 'the encoder: its cable, coupling and disc; hardly any speed is read';
const LOAD = 'the load: a jam, a part that drags, a tool set too heavy';

/** What to look at by how the sensors moved together; the first that fits holds. */
const PATTERNS: readonly Readonly<{ fits: (standings: Standings) => boolean; look: string }>[] = [
  { fits: ({ wEncoderVelocity: speed }) => speed.down && speed.times < 0.1, look: ENCODER },
  {
    // More drive gives less speed; where the load has grown by more than the speed has dropped, it is the load.
    fits: ({ wEncoderVelocity: speed, wCurrentLoad: load }) =>
      load.up && load.times - 1 > 1.5 * (1 - speed.times),
    look: LOAD,
  },
  {
    fits: ({ wEncoderVelocity: speed, wRMSCurrent: current, wCurrentLoad: load }) =>
      speed.down && (current.up || load.up),
    look: 'the seals and valves: a leak, since more drive gives less speed',
  },
  {
    fits: ({ rVibration_Z_RMS_Velocity: z, rVibration_Temp: temperature }) => z.up && temperature.up,
    look: 'the bearing: lubrication, play and noise; it shakes and runs hot',
  },
  {
    fits: ({ rVibration_X_RMS_Velocity: x, rVibration_Z_RMS_Velocity: z }) => x.up && x.times > z.times,
    look: 'the mounting: bolts, foot and alignment; it shakes sideways',
  },
  {
    fits: ({ rVibration_Z_RMS_Velocity: z }) => z.up,
    look: 'the bearing and the rod guide: play and lubrication',
  },
  { fits: ({ wEncoderVelocity: speed }) => speed.down, look: ENCODER },
  { fits: ({ wRMSCurrent: current, wCurrentLoad: load }) => current.up || load.up, look: LOAD },
  {
    fits: ({ rVibration_Temp: temperature }) => temperature.up,
    look: 'the cooling and the lubrication, and whether the duty is heavier than usual',
  },
];

const GENERAL = 'the cylinder itself: no sensor stands out alone, the model sees an unusual combination';

/** What a technician should look at first, in a sentence; a general one where nothing has moved enough to tell. */
export const adviceOn = (movers: readonly Mover[]): string => {
  const standing = (sensor: Sensor): Standing => standingOf(movers.find((mover) => mover.sensor === sensor));
  const standings: Standings = {
    rVibration_Temp: standing('rVibration_Temp'),
    rVibration_Z_RMS_Velocity: standing('rVibration_Z_RMS_Velocity'),
    rVibration_X_RMS_Velocity: standing('rVibration_X_RMS_Velocity'),
    wRMSCurrent: standing('wRMSCurrent'),
    wCurrentLoad: standing('wCurrentLoad'),
    wEncoderVelocity: standing('wEncoderVelocity'),
  };
  return PATTERNS.find((pattern) => pattern.fits(standings))?.look ?? GENERAL;
};
