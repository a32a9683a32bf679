import type { SensorValues } from '../../domain/message/sample.ts';
import {
  endlessFaults,
  type Fault,
  type FaultKind,
  givenFaults,
  heatAt,
  isPresent,
  severityAt,
} from './fault-schedule.ts';
import { between, healthyReadings, type Readings, toSensorValues, uniformAt } from './healthy-cylinder.ts';

/** How strong a fault is in one second: `severity` 0…1, its `heat` 0…1 that lags behind, and `chance` 0…1, drawn for that second. */
type FaultStrength = Readonly<{ severity: number; heat: number; chance: number }>;

/** What the sensors show when a healthy cylinder's readings meet a fault. */
const withFault = (kind: FaultKind, healthy: Readings, strength: FaultStrength): Readings =>
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

/** What is really the matter with a cylinder: its fault and how far that has grown, 0…1; null and 0 when it is sound. */
export type TrueState = Readonly<{ fault: FaultKind | null; severity: number }>;

export type LineSample = Readonly<{
  cylinder: string;
  /** ms since the epoch. */
  t: number;
  values: SensorValues;
  label: TrueState;
}>;

/** A simulated line. `at` gives every cylinder's sample, in the order of `names`, for any time: nothing depends on what was asked before. */
export type Line = Readonly<{
  names: readonly string[];
  at(tMs: number): readonly LineSample[];
  /** The sample of one cylinder alone, by its position in `names`. */
  sampleOf(cylinder: number, tMs: number): LineSample;
}>;

export type LineOptions = Readonly<{
  cylinders: number;
  seed: number;
  /** When the line's story begins, ms since the epoch; `endlessFaults` says what happens after it. */
  startMs: number;
  /** Exactly these faults instead of those drawn by the seed; an empty list is a sound line. */
  faults?: readonly Fault[];
}>;

/** A line of `cylinders` named cyl-01, cyl-02 …; equal options give equal samples, bit for bit. */
export const createLine = (options: LineOptions): Line => {
  const { cylinders, seed, startMs } = options;
  const schedule = options.faults === undefined ? endlessFaults(options) : givenFaults(options.faults);
  const names = Array.from({ length: cylinders }, (_, index) => `cyl-${String(index + 1).padStart(2, '0')}`);

  function sampleOf(cylinder: number, t: number): LineSample {
    const name = names[cylinder] ?? '';
    const fault = schedule.lastBegun(cylinder, t);
    const firstStartMs = startMs - between(2, 40, seed, cylinder, 301) * 60_000;
    // A replaced part means a stop: the cylinder starts anew and warms up again.
    const startedMs = fault !== null && fault.endMs <= t ? fault.endMs : firstStartMs;
    const healthy = healthyReadings({ tMs: t, seed, cylinder, startedMs });
    if (fault === null || !isPresent(fault, t)) {
      return { cylinder: name, t, values: toSensorValues(healthy), label: { fault: null, severity: 0 } };
    }
    const severity = severityAt(fault, t);
    const chance = uniformAt(seed, cylinder, 302, Math.floor(t / 1000));
    const readings = withFault(fault.kind, healthy, { severity, heat: heatAt(fault, t), chance });
    return { cylinder: name, t, values: toSensorValues(readings), label: { fault: fault.kind, severity } };
  }

  return { names, at: (tMs) => names.map((_, index) => sampleOf(index, tMs)), sampleOf };
};
