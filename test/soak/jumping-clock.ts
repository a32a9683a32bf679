import { randomSource } from '../oracle/random-source.ts';

const HALF_AN_HOUR_MS = 1_800_000;
const EVERY_MS = 900;

// Loaded before the program: its clock is wrong from the start, and is set again and again while it runs.
const random = randomSource(Number(process.env.SOAK_CLOCK_SEED ?? 0));
const ordinary = Date.now;
let offMs = random.integer(-HALF_AN_HOUR_MS, HALF_AN_HOUR_MS);
Date.now = () => ordinary() + offMs;
setInterval(() => {
  if (random.chance(0.3)) offMs = random.integer(-HALF_AN_HOUR_MS, HALF_AN_HOUR_MS);
}, EVERY_MS).unref();
