import { SENSORS, type Sensor, type SensorValues } from '../../domain/message/sample.ts';
import type { BoosterRecord, TreeRecord } from '../model/formats/booster-record.ts';
import { buildBooster } from '../model/formats/build-booster.ts';
import { leafOf } from '../model/predict/score.ts';
import { type BinnedRows, binRows } from './bins.ts';
import { growTree, type TreeSettings } from './grow-tree.ts';

/** `recording` tells rows of one recording from those of others; `cylinder` is named where the recording names any. */
export type LabelledRow = Readonly<{
  values: SensorValues;
  label: number;
  recording?: string | undefined;
  cylinder?: string | undefined;
}>;

/** How trees are trained. Shares are 0…1; what a tree is not given it cannot learn by heart. */
export type BoostSettings = TreeSettings &
  Readonly<{
    rounds: number;
    /** The share of the recordings that each tree is grown on, of those with abnormal rows and of those without. */
    recordingShare: number;
    /** The share of the rows of those recordings. */
    rowShare: number;
    /** The share of the sensors that each tree may split on; at least one. */
    sensorShare: number;
    /** Sensors that no tree may split on. */
    without: readonly Sensor[];
    seed: number;
  }>;

/** The next of a row of numbers 0…1 that the seed gives: Mulberry32, Tommy Ettinger, 2017. */
const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** So many of the items, at least one, in their order. */
const draw = <Item>(items: readonly Item[], share: number, random: () => number): readonly Item[] => {
  const count = Math.min(items.length, Math.max(1, Math.round(items.length * share)));
  if (count === items.length) return items;
  const left = [...items.keys()];
  for (let i = 0; i < count; i += 1) {
    const other = i + Math.floor(random() * (left.length - i));
    [left[i], left[other]] = [left[other] ?? 0, left[i] ?? 0];
  }
  return left
    .slice(0, count)
    .sort((a, b) => a - b)
    .flatMap((place) => items.slice(place, place + 1));
};

/** The places of the rows of each recording: recordings with abnormal rows, and those without. */
const recordingsOf = (rows: readonly LabelledRow[]): readonly (readonly Int32Array[])[] => {
  const recordings = [...Map.groupBy(rows.keys(), (place) => rows[place]?.recording).values()];
  const isAbnormal = (places: readonly number[]) => places.some((place) => rows[place]?.label === 1);
  const kinds = [recordings.filter(isAbnormal), recordings.filter((places) => !isAbnormal(places))];
  return kinds.map((kind) => kind.map((places) => Int32Array.from(places)));
};

/** A share of the rows of the recordings, each by chance. */
const drawRows = (recordings: readonly Int32Array[], share: number, random: () => number): Int32Array => {
  const places = new Int32Array(recordings.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  for (const its of recordings)
    for (const place of its) if (share === 1 || random() < share) places[count++] = place;
  return places.subarray(0, count);
};

const SMALLEST_SECOND = 1e-16;

const addTree = (tree: TreeRecord, { count, values }: BinnedRows, margins: Float64Array): void => {
  const { left, feature, value, defaultLeft } = tree;
  const none = new Float32Array();
  const columns = Array.from(feature, (sensor) => values[sensor] ?? none);
  for (let row = 0; row < count; row += 1) {
    let node = 0;
    for (let next = left[0] ?? -1; next >= 0; next = left[node] ?? -1) {
      const x = (columns[node] ?? none)[row] ?? Number.NaN;
      const goesLeft = Number.isNaN(x) ? defaultLeft[node] === 1 : x < (value[node] ?? 0);
      node = goesLeft ? next : next + 1;
    }
    margins[row] = (margins[row] ?? 0) + (value[node] ?? 0);
  }
};

/**
 * Trains gradient-boosted trees for the log loss of labels 0 and 1; an abnormal row counts for `positiveWeight` normal
 * ones. Equal input gives equal trees.
 */
export const boost = (
  rows: readonly LabelledRow[],
  settings: BoostSettings,
  positiveWeight: number,
): BoosterRecord => {
  const random = createRandom(settings.seed);
  const binned = binRows(rows);
  const kinds = recordingsOf(rows);
  const allowed = SENSORS.flatMap((sensor, place) => (settings.without.includes(sensor) ? [] : [place]));
  const labels = Uint8Array.from(rows, ({ label }) => label);
  const margins = new Float64Array(rows.length);
  const gradients = { first: new Float64Array(rows.length), second: new Float64Array(rows.length) };
  const trees = Array.from({ length: settings.rounds }, () => {
    for (let row = 0; row < rows.length; row += 1) {
      const label = labels[row] ?? 0;
      const probability = 1 / (1 + Math.exp(-(margins[row] ?? 0)));
      const weight = label === 1 ? positiveWeight : 1;
      gradients.first[row] = weight * (probability - label);
      gradients.second[row] = Math.max(weight * probability * (1 - probability), SMALLEST_SECOND);
    }
    const drawn = kinds.flatMap((recordings) => draw(recordings, settings.recordingShare, random));
    const places = drawRows(drawn, settings.rowShare, random);
    const sensors = draw(allowed, settings.sensorShare, random);
    const tree = growTree(binned, gradients, places, sensors, settings);
    addTree(tree, binned, margins);
    return tree;
  });
  return boosterOf(trees);
};

const boosterOf = (trees: readonly TreeRecord[]): BoosterRecord => ({
  xgboost: [1, 7],
  objective: 'binary:logistic',
  baseScore: 0.5,
  featureCount: SENSORS.length,
  featureNames: SENSORS,
  featureTypes: [],
  classCount: 0,
  targetCount: 1,
  parallelTrees: 1,
  trees,
  treeOutputs: trees.map(() => 0),
  treeWeights: null,
  bestIteration: null,
});

/** Cross-entropy of one row in nats, from the log-odds and the label 0 or 1. */
const logLoss = (margin: number, label: number): number => {
  const towards = label === 1 ? -margin : margin;
  return towards > 30 ? towards : Math.log1p(Math.exp(towards));
};

/** The summed log loss on held-out rows after each round. */
export const lossByRounds = (
  record: BoosterRecord,
  heldOut: readonly LabelledRow[],
  positiveWeight: number,
): readonly number[] => {
  const { forest, baseMargin } = buildBooster(record);
  const values = new Float32Array(heldOut.length * SENSORS.length);
  for (const [i, row] of heldOut.entries())
    values.set(
      row.values.map((value) => value ?? Number.NaN),
      i * SENSORS.length,
    );
  const labels = Uint8Array.from(heldOut, ({ label }) => label);
  const margins = new Float64Array(heldOut.length).fill(baseMargin);
  const row = new Float32Array(SENSORS.length);
  return Array.from(forest.roots, (root) => {
    let loss = 0;
    for (let i = 0; i < margins.length; i += 1) {
      for (let sensor = 0; sensor < SENSORS.length; sensor += 1)
        row[sensor] = values[i * SENSORS.length + sensor] ?? Number.NaN;
      const margin = (margins[i] ?? 0) + (forest.value[leafOf(forest, row, root)] ?? 0);
      margins[i] = margin;
      const label = labels[i] ?? 0;
      loss += logLoss(margin, label) * (label === 1 ? positiveWeight : 1);
    }
    return loss;
  });
};

/** The first rounds of a booster with one tree a round. */
export const keepRounds = (record: BoosterRecord, rounds: number): BoosterRecord => ({
  ...record,
  trees: record.trees.slice(0, rounds),
  treeOutputs: record.treeOutputs.slice(0, rounds),
  bestIteration: rounds - 1,
});
