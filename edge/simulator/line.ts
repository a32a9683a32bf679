import type { SensorValues } from '../../domain/message/sample.ts';
import { withFault } from './fault-effects.ts';
import {
  endlessFaults,
  type Fault,
  type FaultKind,
  givenFaults,
  heatAt,
  isPresent,
  severityAt,
} from './fault-schedule.ts';
import { healthyReadings, toSensorValues } from './healthy-cylinder.ts';
import { between, uniformAt } from './noise.ts';

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
