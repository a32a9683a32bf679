import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { buildBooster } from '../../../edge/model/formats/build-booster.ts';
import { writeJson } from '../../../edge/model/formats/write-json.ts';
import { leafOf } from '../../../edge/model/predict/score.ts';
import { boost, type LabelledRow } from '../../../edge/training/boost.ts';
import { DEFAULT_TRAINING } from '../../../edge/training/train-model.ts';

/** 400 rows on a grid of whole numbers, some of them missing, by the generator that the fixture was made with. */
const gridRows = (): readonly LabelledRow[] => {
  let state = 12345;
  const next = (): number => {
    state = Number((BigInt(state) * 1103515245n + 12345n) % 2n ** 31n);
    return state / 2 ** 31;
  };
  return Array.from({ length: 400 }, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: 6 }, () =>
      Math.floor(next() * 20),
    );
    const label = Number(Number(a > 12) + Number(c + e > 22) + next() * 0.8 > 1.2);
    return { values: [i % 13 === 0 ? null : a, b, c, i % 11 === 0 ? null : d, e, f], label };
  });
};

const FIXTURE = v.record(
  v.string(),
  v.object({
    params: v.object({
      max_depth: v.number(),
      eta: v.number(),
      min_child_weight: v.number(),
      reg_lambda: v.number(),
      rounds: v.number(),
    }),
    margins: v.array(v.number()),
  }),
);
/** Margins by XGBoost 3.2.0, tree_method exact, base_score 0.5, on gridRows with weight 1.5 where they are abnormal. */
const known = v.parse(
  FIXTURE,
  JSON.parse(readFileSync(new URL('../../fixture/xgboost-margins.json', import.meta.url), 'utf8')),
);

for (const [name, { params, margins }] of Object.entries(known))
  test(`without anything drawn the trees are XGBoost's: ${name}`, () => {
    const rows = gridRows();
    const settings = {
      ...DEFAULT_TRAINING,
      rounds: params.rounds,
      depth: params.max_depth,
      learningRate: params.eta,
      minChildWeight: params.min_child_weight,
      lambda: params.reg_lambda,
      recordingShare: 1,
      rowShare: 1,
      sensorShare: 1,
    };
    const { forest } = buildBooster(boost(rows, settings, 1.5));
    for (const [i, { values }] of rows.entries()) {
      const row = Float32Array.from(values, (value) => value ?? Number.NaN);
      const margin = forest.roots.reduce(
        (sum, root) => sum + (forest.value[leafOf(forest, row, root)] ?? 0),
        0,
      );
      assert.ok(Math.abs(margin - (margins[i] ?? 0)) < 2e-5, `row ${i}: ${margin} instead of ${margins[i]}`);
    }
  });

test('the same seed gives the same model to the byte, another one another', () => {
  const rows = gridRows().map((row, i) => ({ ...row, recording: `r${i % 7}` }));
  const settings = { ...DEFAULT_TRAINING, depth: 3, rounds: 20 };
  const text = (seed: number) => writeJson(boost(rows, { ...settings, seed }, 1));
  assert.equal(text(1), text(1));
  assert.notEqual(text(1), text(2));
});

test('a tree is grown on its share of recordings, of those with abnormal rows and of those without', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => {
    const recording = i % 10;
    return {
      values: [i, 0, 0, 0, 0, 0],
      label: Number(recording < 4 && i % 3 === 0),
      recording: `r${recording}`,
    };
  });
  const settings = {
    ...DEFAULT_TRAINING,
    depth: 1,
    rounds: 1,
    recordingShare: 0.5,
    rowShare: 1,
    minChildWeight: 0,
  };
  const [tree] = boost(rows, settings, 1).trees;
  // Five of ten recordings of a hundred rows, each with a second derivative of a quarter at the first round.
  assert.equal(tree?.cover[0], 125);
});

test('more values than bins are cut so that bins hold about as many rows', () => {
  const rows = Array.from({ length: 5000 }, (_, i) => ({
    values: [i ** 2, null, null, null, null, Number.NaN],
    label: Number(i >= 2600),
  }));
  const settings = {
    ...DEFAULT_TRAINING,
    depth: 1,
    rounds: 1,
    rowShare: 1,
    sensorShare: 1,
    minChildWeight: 0,
  };
  const [tree] = boost(rows, settings, 1).trees;
  const cut = Math.sqrt(tree?.value[0] ?? 0);
  assert.ok(Math.abs(cut - 2600) < 5000 / 250, `cut at ${cut}`);
});
