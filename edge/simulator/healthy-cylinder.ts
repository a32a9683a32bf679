import type { SensorValues } from '../../domain/message/sample.ts';

/**
 * A uniform number in [0, 1) that depends on nothing but its keys (whole numbers, taken modulo 2^32).
 * Mixing steps: MurmurHash3 by Austin Appleby, public domain.
 */
export const uniformAt = (...keys: readonly number[]): number => {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    let mixed = Math.imul(key, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/** A uniform number between `low` and `high`, by its keys. */
export const between = (low: number, high: number, ...keys: readonly number[]): number =>
  low + (high - low) * uniformAt(...keys);

const MEMORY = 0.8;
/** 0.8^20 ≈ 1 %: what is older no longer matters, so noise at any second is had without those before it. */
const REMEMBERED_SECONDS = 20;
/** Variance of a uniform number is 1/12; that of the weighted sum of many, 1/12 / (1 − MEMORY²). */
const TO_UNIT_DEVIATION = Math.sqrt(12 * (1 - MEMORY ** 2));

/** Noise with memory (first-order autoregressive, coefficient 0.8 a second), mean 0, standard deviation 1. */
export const noiseAt = (second: number, ...keys: readonly number[]): number => {
  let sum = 0;
  for (let age = REMEMBERED_SECONDS; age >= 0; age -= 1) {
    sum = sum * MEMORY + (uniformAt(...keys, second - age) - 0.5);
  }
  return sum * TO_UNIT_DEVIATION;
};

/** What the six sensors of a cylinder show in one second. */
export type Readings = Readonly<{
  temperatureC: number;
  vibrationZMmS: number;
  vibrationXMmS: number;
  currentA: number;
  loadPercent: number;
  velocityRpm: number;
}>;

/** The readings in the order of SENSORS, with the resolution of real transmitters. */
export const toSensorValues = (readings: Readings): SensorValues => [
  rounded(readings.temperatureC, 100),
  rounded(readings.vibrationZMmS, 1000),
  rounded(readings.vibrationXMmS, 1000),
  rounded(readings.currentA, 1000),
  rounded(Math.min(150, readings.loadPercent), 100),
  rounded(readings.velocityRpm, 1),
];

const rounded = (value: number, stepsPerUnit: number): number =>
  Math.round(Math.max(0, value) * stepsPerUnit) / stepsPerUnit;

/** What the cylinder does at one moment, as shares of its nominal speed and load. */
type Duty = Readonly<{ speed: number; load: number }>;

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
const dutyAt = (tMs: number, seed: number, cylinder: number): Duty => {
  const periodMs = between(8_000, 13_000, seed, cylinder, 101);
  const place = (tMs / periodMs + uniformAt(seed, cylinder, 102)) % 1;
  const step = STROKE.find((candidate) => place < candidate.until) ?? { speed: 0.14, load: 0.35 };
  return { speed: step.speed, load: step.load * phaseLoad(Math.floor(tMs / LOAD_PHASE_MS), seed, cylinder) };
};

/** The load phases as heat sees them: their mean through a first-order lag of five minutes, about 1. */
const laggedLoadAt = (tMs: number, seed: number, cylinder: number): number => {
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

const WARM_UP_MS = 6 * 60_000;
const AMBIENT_C = 23;
const NOMINAL_RISE_C = 24;
const NOMINAL_RPM = 1150;
const NOMINAL_LOAD_PERCENT = 42;

/** What the sensors of a healthy cylinder show at `tMs` when it was last started, cold or half warm, at `startedMs`. */
export const healthyReadings = (at: {
  tMs: number;
  seed: number;
  cylinder: number;
  startedMs: number;
}): Readings => {
  const { tMs, seed, cylinder } = at;
  const second = Math.floor(tMs / 1000);
  const duty = dutyAt(tMs, seed, cylinder);
  const own = (index: number, spread: number) => 1 + between(-spread, spread, seed, cylinder, index);
  const noise = (index: number, deviation: number) => 1 + deviation * noiseAt(second, seed, cylinder, index);

  const warmth = 1 - 0.5 * Math.exp(-Math.max(0, tMs - at.startedMs) / WARM_UP_MS);
  const rise = NOMINAL_RISE_C * own(1, 0.06) * warmth * laggedLoadAt(tMs, seed, cylinder);
  // Cold grease is stiff: until the cylinder is warm it takes a little more current.
  const stiffness = 1 + 0.12 * (1 - warmth);
  const shaking = 0.5 + 1.6 * duty.speed + 0.3 * duty.load;
  return {
    temperatureC: AMBIENT_C + rise + 0.3 * noiseAt(second, seed, cylinder, 11),
    vibrationZMmS: shaking * own(2, 0.05) * noise(12, 0.04),
    vibrationXMmS: 0.82 * shaking * own(3, 0.05) * noise(13, 0.04),
    currentA: (0.6 + 2.9 * duty.load) * stiffness * own(4, 0.04) * noise(14, 0.025),
    loadPercent: NOMINAL_LOAD_PERCENT * duty.load * own(5, 0.04) * noise(15, 0.025),
    velocityRpm: NOMINAL_RPM * duty.speed * own(6, 0.02) * noise(16, 0.015),
  };
};
