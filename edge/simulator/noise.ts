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
