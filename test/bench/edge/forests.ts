import ready from 'ml-xgboost';

/** The sizes of the models that are compared. */
export const SIZES = [
  { trees: 50, depth: 4 },
  { trees: 100, depth: 6 },
  { trees: 500, depth: 6 },
] as const;

export type Size = Readonly<{ trees: number; depth: number }>;

/** A model of ml-xgboost: its own predictor, and its file. */
export type PeerModel = Readonly<{
  predict(rows: readonly (readonly number[])[]): readonly number[];
  file: Uint8Array;
}>;

const ROWS = 4000;

/** Numbers that look random and are the same every time (mulberry32), 0…1. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Rows of six sensors in their usual ranges. */
export const sensorRows = (count: number, seed: number): readonly (readonly number[])[] => {
  const random = seeded(seed);
  const near = (mean: number, spread: number) => Math.fround(mean + spread * (random() + random() - 1));
  return Array.from({ length: count }, () => [
    near(50, 12),
    near(2.5, 1.5),
    near(2, 1.2),
    near(3.4, 0.8),
    near(41, 9),
    near(1180, 90),
  ]);
};

/** Trains full trees on rows whose labels follow the sensors with much noise: nothing ends before its depth. */
export const trainPeer = async ({ trees, depth }: Size): Promise<PeerModel> => {
  const Booster = await ready;
  const random = seeded(7);
  const rows = sensorRows(ROWS, 3);
  const labels = rows.map(([temperature = 0, z = 0, x = 0, current = 0]) => {
    const wear = (temperature - 50) / 12 + (z - 2.5) * (x - 2) + (current - 3.4);
    return wear + 2 * (random() - 0.5) > 0.3 ? 1 : 0;
  });
  const booster = new Booster({
    objective: 'binary:logistic',
    max_depth: depth,
    eta: 0.05,
    min_child_weight: 0,
    subsample: 1,
    silent: 1,
    iterations: trees,
  });
  booster.train(rows, labels);
  return { predict: (asked) => booster.predict(asked), file: Uint8Array.from(booster.toJSON().model) };
};
