import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModelCard } from '../../../domain/model/model-card.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { writeJson } from '../../../edge/model/formats/write-json.ts';
import { score } from '../../../edge/model/predict/score.ts';
import type { LabelledRow } from '../../../edge/training/boost.ts';
import { DEFAULT_TRAINING, trainModel } from '../../../edge/training/train-model.ts';
import { modelCard, modelCardPage } from '../../../edge/training/trained-card.ts';
import { dice } from '../model/mutate.ts';
import { sound } from '../model/stump.ts';

const settings = { ...DEFAULT_TRAINING, rounds: 30, depths: [3], learningRate: 0.3, sensorShare: 1 };

/** Rows that are abnormal where the temperature is above 80; every ninth lacks a value, some are exactly −1. */
const recording = (count: number): readonly LabelledRow[] => {
  const roll = dice(7);
  return Array.from({ length: count }, (_, i) => {
    const values: readonly (number | null)[] = [
      roll(1000) / 10,
      roll(8) - 1,
      roll(5),
      roll(6),
      roll(100),
      roll(1500),
    ];
    const label = (values[0] ?? 0) > 80 ? 1 : 0;
    return { values: i % 9 === 0 ? values.with(3, null) : values, label };
  });
};

test('a model is trained that tells abnormal rows, the same each time, and survives its file', () => {
  const rows = recording(2000);
  const [first, second] = [trainModel(rows, settings), trainModel(rows, settings)];
  assert.ok(first.ok && second.ok);
  const { trained } = first;
  assert.equal(writeJson(trained.record), writeJson(second.trained.record));
  assert.ok(trained.metrics.auc > 0.99);
  assert.equal(trained.parts.test.rows, 400);
  assert.ok(trained.roundsKept >= 1 && trained.roundsKept <= settings.rounds);
  const model = sound(readModel(Buffer.from(writeJson(trained.record)), 'trained.json'));
  assert.ok(score(model, [95, 1, 1, 1, 1, 1]).probability > 0.5);
  assert.ok(score(model, [40, 1, 1, 1, 1, 1]).probability < 0.5);
});

test('probabilities keep the share of abnormal rows although these count for more in training', () => {
  const roll = dice(3);
  const noise = recording(4000).map(({ values }) => ({ values, label: roll(10) === 0 ? 1 : 0 }));
  const result = trainModel(noise, { ...settings, rounds: 5 });
  assert.ok(result.ok);
  assert.ok(result.trained.positiveWeight > 7);
  const { meanProbability = 1 } = result.trained.metrics.calibration[0] ?? {};
  assert.ok(meanProbability < 0.2);
});

test('a recording with too few rows of a kind is refused with the counts', () => {
  const few = recording(100).map(({ values }, i) => ({ values, label: i < 91 ? 0 : 1 }));
  const result = trainModel(few, settings);
  assert.match(result.ok ? '' : result.message, /of the 100 rows, 9 are abnormal/);
  assert.match(
    result.ok ? '' : result.message,
    /label the time in which the fault grew .*: --labels faults\.csv$/,
  );
});

test('a run to failure is trained on all its rows and measured block by block', () => {
  const late = recording(1000).map(({ values }, i) => {
    const label = i < 700 ? 0 : 1;
    return { values: values.with(0, label * 50 + (values[0] ?? 0) / 2).with(4, null), label };
  });
  const result = trainModel(late, settings);
  assert.ok(result.ok);
  const { split, parts, metrics, emptySensors } = result.trained;
  assert.equal(split, 'blocks');
  assert.deepEqual([parts.training.rows, parts.test.rows, metrics.rows], [1000, 1000, 1000]);
  assert.ok(metrics.auc > 0.95);
  assert.deepEqual(emptySensors, ['wCurrentLoad']);
  assert.match(
    modelCardPage('Card', result.trained, []),
    /blocked cross-validation[\s\S]*wCurrentLoad has no value/,
  );
});

test('held-out recordings choose the depth, and the model is that of all rows', () => {
  const roll = dice(11);
  // Abnormal where exactly one of two sensors is high: one split cannot tell.
  const rows = ['a', 'b', 'c', 'd'].flatMap((name) =>
    recording(500).map(({ values }) => {
      const [first, second] = [roll(10), roll(10)];
      return {
        values: values.with(1, first).with(2, second),
        label: Number(first > 4 !== second > 4),
        recording: name,
      };
    }),
  );
  const result = trainModel(rows, { ...settings, depths: [1, 3] });
  assert.ok(result.ok);
  const { depth, folds, parts, metrics, reference } = result.trained;
  assert.deepEqual([depth, folds, parts.training.rows, metrics.rows], [3, 4, 2000, 2000]);
  assert.ok(metrics.auc > 0.95);
  assert.equal(
    reference.score.counts.reduce((sum, of) => sum + of, 0),
    reference.rows,
  );
});

test('a sensor that the model may not use is in none of its trees', () => {
  const rows = recording(2000);
  const result = trainModel(rows, { ...settings, without: ['rVibration_Temp'] });
  assert.ok(result.ok);
  for (const { left, feature } of result.trained.record.trees)
    for (const [node, sensor] of feature.entries()) assert.ok(left[node] === -1 || sensor !== 0);
  assert.ok(result.trained.metrics.auc < 0.7);
});

test('the card tells the parts, the rounds and the metrics, as data and as a page', () => {
  const result = trainModel(recording(600), settings);
  assert.ok(result.ok);
  const data = [{ file: 'a.csv', sha256: 'ab'.repeat(32), rows: 600, positives: 110 }];
  const card = JSON.parse(JSON.stringify(modelCard(result.trained, data)));
  assert.equal(card.parts.training.rows, 360);
  assert.equal(card.metrics.rows, 120);
  assert.deepEqual(card.data, data);
  assert.equal(card.calibration.kind, 'platt');
  const reading = readModelCard(card);
  assert.ok(reading.ok && reading.card.reference !== null);
  const soundRows = recording(600).filter(({ label }) => label === 0).length;
  assert.equal(reading.card.reference.rows, soundRows);
  const [temperature] = reading.card.reference.sensors;
  assert.equal(temperature?.counts.length, 10);
  assert.equal(
    temperature?.counts.reduce((sum, of) => sum + of, 0),
    soundRows,
  );
  const page = modelCardPage('The card', result.trained, data);
  assert.match(page, /^# The card\n/);
  assert.match(page, /\| training \| 360 \|/);
  assert.match(page, /\| a\.csv \| 600 \| 110 \| abab/);
});
