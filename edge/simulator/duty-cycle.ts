import { between, uniformAt } from './noise.ts';

/** What the cylinder does at one moment, as shares of its nominal speed and load. */
export type Duty = Readonly<{ speed: number; load: number }>;

const STROKE: readonly Readonly<{ until: number; speed: number; load: number }>[] = [
  { until: 0.35, speed: 1, load: 0.9 },
  { until: 0.55, speed: 0.45, load: 1.3 },
  { until: 0.85, speed: 1.06, load: 0.7 },
  { until: 1, speed: 0.14, load: 0.35 },
];

const LOAD_PHASE_MS = 4 * 60_000;
const THERMAL_LAG_MS = 5 * 60_000;
const PHASES_REMEMBERED = 7;

/** Strokes of 8 to 13 s (extend, press, retract, pause), under a load that changes with the piece every four minutes. */
export const dutyAt = (tMs: number, seed: number, cylinder: number): Duty => {
  const periodMs = between(8_000, 13_000, seed, cylinder, 101);
  const place = (tMs / periodMs + uniformAt(seed, cylinder, 102)) % 1;
  const step = STROKE.find((candidate) => place < candidate.until) ?? { speed: 0.14, load: 0.35 };
  return { speed: step.speed, load: step.load * phaseLoad(Math.floor(tMs / LOAD_PHASE_MS), seed, cylinder) };
};

/** The load phases as heat sees them: their mean through a first-order lag of five minutes, about 1. */
export const laggedLoadAt = (tMs: number, seed: number, cylinder: number): number => {
  const current = Math.floor(tMs / LOAD_PHASE_MS);
  let weighted = 0;
  let weights = 0;
  for (let phase = current - PHASES_REMEMBERED; phase <= current; phase += 1) {
    const sinceBegin = tMs - phase * LOAD_PHASE_MS;
    const sinceEnd = Math.max(0, sinceBegin - LOAD_PHASE_MS);
    const weight = Math.exp(-sinceEnd / THERMAL_LAG_MS) - Math.exp(-sinceBegin / THERMAL_LAG_MS);
    weighted += weight * phaseLoad(phase, seed, cylinder);
    weights += weight;
  }
  return weights === 0 ? phaseLoad(current, seed, cylinder) : weighted / weights;
};

const phaseLoad = (phase: number, seed: number, cylinder: number): number =>
  between(0.88, 1.12, seed, cylinder, 103, phase);
