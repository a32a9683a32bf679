import { type Sample, SENSORS, type Sensor } from '../message/sample.ts';

/** What was measured of something: null where nothing was. */
export type Spread = Readonly<{ min: number; mean: number; max: number }> | null;

/** What a cylinder measured in five minutes, from `t`, ms, on; the figures are true to 0.03 %. */
export type RollupFigures = Readonly<{
  t: number;
  samples: number;
  abnormal: number;
  probability: Spread;
  /** Of a sensor that did not answer to all samples, the mean counts those that it answered to as if they were all. */
  sensors: Readonly<Record<Sensor, Spread>>;
}>;

/**
 * The same in 74 characters, since it is a part of what is saved with every message: the form (`A`), the number of the
 * five minutes since the epoch, samples, abnormal ones, and least, mean and greatest of the probability and of each sensor.
 */
export type Rollup = string;

export const ROLLUP_MS = 300_000;

const FORM = 'A';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < LETTERS.length; index += 1) VALUES[LETTERS.charCodeAt(index)] = index;

const MEASURED = SENSORS.length + 1;
const [PLACE_OF_T, PLACE_OF_SAMPLES, PLACE_OF_ABNORMAL, PLACE_OF_FIGURES] = [1, 5, 8, 11] as const;
const LENGTH = PLACE_OF_FIGURES + MEASURED * 9;
const MOST = 64 ** 3 - 1;

const CODES = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));

const valueAt = (text: string, at: number): number => VALUES[text.charCodeAt(at)] ?? 0;

const threeAt = (text: string, at: number): number =>
  (valueAt(text, at) << 12) | (valueAt(text, at + 1) << 6) | valueAt(text, at + 2);

const numberOf = (text: string): number => (valueAt(text, PLACE_OF_T) << 18) | threeAt(text, PLACE_OF_T + 1);

// Sign, six bits of exponent and eleven of fraction: of a float of 32 bits what is left when it is rounded.
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
const NOTHING = MOST;
const BIAS = 127 - 32;

const toEighteenBits = (value: number): number => {
  float[0] = value;
  const rounded = ((bits[0] ?? 0) + 0x800) >>> 0;
  const exponent = ((rounded >>> 23) & 0xff) - BIAS;
  const sign = (rounded >>> 31) << 17;
  if (exponent <= 0) return 0;
  return exponent > 62 ? sign | (62 << 11) | 0x7ff : sign | (exponent << 11) | ((rounded >>> 12) & 0x7ff);
};

const fromEighteenBits = (code: number): number => {
  const exponent = (code >>> 11) & 0x3f;
  if (exponent === 0) return 0;
  bits[0] = (((code >>> 17) << 31) | ((exponent + BIAS) << 23) | ((code & 0x7ff) << 12)) >>> 0;
  return float[0] ?? 0;
};

/** A roll-up that is being written on: for each thing measured least, mean and greatest; NaN where nothing was. */
type Draft = { number: number; samples: number; abnormal: number; figures: number[] };

const UNMEASURED: readonly number[] = Array.from({ length: MEASURED * 3 }, () => Number.NaN);

const begin = (number: number): Draft => ({
  number,
  samples: 0,
  abnormal: 0,
  figures: UNMEASURED.slice(),
});

const unpack = (text: Rollup): Draft | null => {
  if (text.length !== LENGTH || text[0] !== FORM) return null;
  const draft = begin(numberOf(text));
  draft.samples = threeAt(text, PLACE_OF_SAMPLES);
  draft.abnormal = threeAt(text, PLACE_OF_ABNORMAL);
  for (let index = 0; index < draft.figures.length; index += 1) {
    const code = threeAt(text, PLACE_OF_FIGURES + index * 3);
    if (code !== NOTHING) draft.figures[index] = fromEighteenBits(code);
  }
  return draft;
};

// Written over by each packing: to put a text together piece by piece takes twice as long.
const page = new Array<number>(LENGTH).fill(0);
page[0] = FORM.charCodeAt(0);

const writeThree = (value: number, at: number): void => {
  page[at] = CODES[value >>> 12] ?? 0;
  page[at + 1] = CODES[(value >>> 6) & 63] ?? 0;
  page[at + 2] = CODES[value & 63] ?? 0;
};

const pack = ({ number, samples, abnormal, figures }: Draft): Rollup => {
  page[PLACE_OF_T] = CODES[(number >>> 18) & 63] ?? 0;
  writeThree(number & MOST, PLACE_OF_T + 1);
  writeThree(Math.min(samples, MOST), PLACE_OF_SAMPLES);
  writeThree(Math.min(abnormal, MOST), PLACE_OF_ABNORMAL);
  for (let index = 0; index < figures.length; index += 1) {
    const figure = figures[index] ?? Number.NaN;
    writeThree(Number.isNaN(figure) ? NOTHING : toEighteenBits(figure), PLACE_OF_FIGURES + index * 3);
  }
  return String.fromCharCode(...page);
};

const measure = (figures: number[], at: number, value: number | null, samples: number): void => {
  if (value === null) return;
  const mean = figures[at + 1] ?? Number.NaN;
  if (Number.isNaN(mean)) {
    figures[at] = value;
    figures[at + 1] = value;
    figures[at + 2] = value;
    return;
  }
  if (value < (figures[at] ?? value)) figures[at] = value;
  figures[at + 1] = mean + (value - mean) / samples;
  if (value > (figures[at + 2] ?? value)) figures[at + 2] = value;
};

/** What some samples, each later than all before it, made of a roll-up: the one that goes on, and those that are over. */
export const rollUp = (
  before: Rollup | null,
  samples: readonly Sample[],
  threshold: number,
): Readonly<{ current: Rollup | null; over: readonly Rollup[] }> => {
  if (samples.length === 0) return { current: before, over: [] };
  const over: Rollup[] = [];
  let draft = before === null ? null : unpack(before);
  for (const { t, probability, values } of samples) {
    const number = Math.floor(t / ROLLUP_MS);
    if (draft !== null && draft.number !== number) over.push(pack(draft));
    if (draft?.number !== number) draft = begin(number);
    draft.samples += 1;
    if (probability >= threshold) draft.abnormal += 1;
    measure(draft.figures, 0, probability, draft.samples);
    for (let index = 0; index < SENSORS.length; index += 1)
      measure(draft.figures, (index + 1) * 3, values[index] ?? null, draft.samples);
  }
  return { current: draft === null ? null : pack(draft), over };
};

/** To five digits, without the detour by a text: eight days have some 50,000 figures. */
const toFiveDigits = (figure: number): number => {
  if (figure === 0) return 0;
  const digits = 4 - Math.floor(Math.log10(Math.abs(figure)));
  // A power of ten below one is none exactly: what is not whole is divided by, and never multiplied with, one above.
  return digits < 0
    ? Math.round(figure / 10 ** -digits) * 10 ** -digits
    : Math.round(figure * 10 ** digits) / 10 ** digits;
};

const spreadAt = (figures: readonly number[], at: number): Spread => {
  const [min = Number.NaN, mean = 0, max = 0] = [figures[at], figures[at + 1], figures[at + 2]];
  if (Number.isNaN(min)) return null;
  return { min: toFiveDigits(min), mean: toFiveDigits(mean), max: toFiveDigits(max) };
};

/** Reads a roll-up; null where it is none, or of a newer form. */
export const readRollup = (text: Rollup): RollupFigures | null => {
  const draft = unpack(text);
  if (draft === null) return null;
  const { number, samples, abnormal, figures } = draft;
  const [temperature, z, x, current, load, velocity] = SENSORS.map((_, index) =>
    spreadAt(figures, (index + 1) * 3),
  );
  return {
    t: number * ROLLUP_MS,
    samples,
    abnormal,
    probability: spreadAt(figures, 0),
    sensors: {
      rVibration_Temp: temperature ?? null,
      rVibration_Z_RMS_Velocity: z ?? null,
      rVibration_X_RMS_Velocity: x ?? null,
      wRMSCurrent: current ?? null,
      wCurrentLoad: load ?? null,
      wEncoderVelocity: velocity ?? null,
    },
  };
};

/** When a roll-up begins, ms. */
export const startOfRollup = (text: Rollup): number => numberOf(text) * ROLLUP_MS;
