import { dutyAt, laggedLoadAt } from './duty-cycle.ts';
import { between, noiseAt } from './noise.ts';
import type { Readings } from './readings.ts';

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
