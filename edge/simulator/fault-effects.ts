import type { FaultKind } from './fault-schedule.ts';
import type { Readings } from './healthy-cylinder.ts';

/** How strong a fault is in one second: `severity` 0…1, its `heat` 0…1 that lags behind, and `chance` 0…1, drawn for that second. */
export type FaultStrength = Readonly<{ severity: number; heat: number; chance: number }>;

/** What the sensors show when a healthy cylinder's readings meet a fault. */
export const withFault = (kind: FaultKind, healthy: Readings, strength: FaultStrength): Readings =>
  EFFECTS[kind](healthy, strength);

/** Rough rolling: vibration in the load direction above all, friction heat, a little more current. */
const bearingWear = (healthy: Readings, { severity, heat }: FaultStrength): Readings => ({
  ...healthy,
  temperatureC: healthy.temperatureC + 14 * heat,
  vibrationZMmS: healthy.vibrationZMmS * (1 + 2.4 * severity),
  vibrationXMmS: healthy.vibrationXMmS * (1 + 1.5 * severity),
  currentA: healthy.currentA * (1 + 0.15 * severity),
});

/** Flow past the piston: slower strokes for more drive, throttling heat, some turbulence. */
const sealLeak = (healthy: Readings, { severity, heat }: FaultStrength): Readings => ({
  temperatureC: healthy.temperatureC + 10 * heat,
  vibrationZMmS: healthy.vibrationZMmS * (1 + 0.15 * severity),
  vibrationXMmS: healthy.vibrationXMmS * (1 + 0.3 * severity),
  currentA: healthy.currentA * (1 + 0.4 * severity),
  loadPercent: healthy.loadPercent * (1 + 0.5 * severity),
  velocityRpm: healthy.velocityRpm * (1 - 0.5 * severity),
});

/** More weight than it was built for: load, current and heat, strokes a little slower. */
const overload = (healthy: Readings, { severity, heat }: FaultStrength): Readings => ({
  temperatureC: healthy.temperatureC + 20 * heat,
  vibrationZMmS: healthy.vibrationZMmS * (1 + 0.25 * severity),
  vibrationXMmS: healthy.vibrationXMmS * (1 + 0.15 * severity),
  currentA: healthy.currentA * (1 + 0.9 * severity),
  loadPercent: healthy.loadPercent * (1 + 1.1 * severity),
  velocityRpm: healthy.velocityRpm * (1 - 0.15 * severity),
});

/** Bolts that give: it shakes sideways, in knocks of changing strength, with nothing to see in drive or heat. */
const looseMount = (healthy: Readings, { severity, chance }: FaultStrength): Readings => {
  const knock = 0.75 + 0.5 * chance;
  return {
    ...healthy,
    vibrationZMmS: healthy.vibrationZMmS * (1 + 0.8 * severity * knock),
    vibrationXMmS: healthy.vibrationXMmS * (1 + 3 * severity * knock),
  };
};

/** From this severity on, the encoder's disc no longer turns at all. */
const STUCK_FOR_GOOD = 0.3;

/** The disc slips, then stands still: no speed is shown while the drive, which believes it, pushes harder. */
const stuckEncoder = (healthy: Readings, { severity, chance }: FaultStrength): Readings => {
  const isStuck = chance < severity / STUCK_FOR_GOOD;
  return {
    ...healthy,
    velocityRpm: isStuck ? 0 : healthy.velocityRpm,
    currentA: healthy.currentA * (1 + 0.25 * severity),
    loadPercent: healthy.loadPercent * (1 + 0.2 * severity),
  };
};

const EFFECTS: Readonly<Record<FaultKind, (healthy: Readings, strength: FaultStrength) => Readings>> = {
  'bearing-wear': bearingWear,
  'seal-leak': sealLeak,
  overload,
  'loose-mount': looseMount,
  'stuck-encoder': stuckEncoder,
};
