import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SensorValues } from '../../../domain/message/sample.ts';
import { scoresInOrder } from '../../../edge/model/deviation.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { writeJson } from '../../../edge/model/formats/write-json.ts';
import { score } from '../../../edge/model/predict/score.ts';
import type { LabelledRow } from '../../../edge/training/boost.ts';
import { deviationRows } from '../../../edge/training/deviation-rows.ts';
import { DEFAULT_TRAINING, trainModel } from '../../../edge/training/train-model.ts';
import { modelCard, modelCardPage } from '../../../edge/training/trained-card.ts';
import { dice } from '../model/mutate.ts';
import { sound } from '../model/stump.ts';

const baseline = { samples: 40, smooth: 10 };

/** A machine at a level of its own, whose vibration rises or falls by a quarter of it in the last third. */
const machine = (name: string, level: number, sign: number): readonly LabelledRow[] => {
  const roll = dice(level);
  return Array.from({ length: 300 }, (_, at) => {
    const label = Number(at >= 200);
    const noise = () => level * (1 + (roll(100) - 50) / 5000);
    return { values: [20, noise() * (1 + (sign * label) / 4), noise(), 1, 1, 1], label, recording: name };
  });
};

const levels = [2, 5, 9, 14, 20, 27];
const rows = levels.flatMap((level, at) => machine(`m${level}`, level, at % 2 === 0 ? 1 : -1));
const settings = { ...DEFAULT_TRAINING, rounds: 60, depths: [3], learningRate: 0.2, sensorShare: 1 };
const trained = (of: readonly LabelledRow[], by: typeof settings) => {
  const result = trainModel(of, by);
  if (!result.ok) throw new Error(result.message);
  return result.trained;
};
const own = trained(rows, { ...settings, baseline });
const model = sound(readModel(Buffer.from(writeJson(own.record)), 'own.json'));

test('rows are deviations from the begin of their recording, and those before it are left out', () => {
  const seen = deviationRows(rows, baseline);
  // The baseline needs twice what is smoothed.
  assert.equal(seen.length, levels.length * (300 - 19));
  assert.deepEqual(
    seen.filter(({ recording }) => recording === 'm9').map(({ values }) => values),
    deviationRows(machine('alone', 9, 1), baseline).map(({ values }) => values),
  );
});

test('a model with baselines knows a fault of a machine at another level, which one of the values does not', () => {
  const other = machine('other', 100, -1);
  const asked = scoresInOrder(model.baseline, (values) => score(model, values).probability);
  const raw = trained(rows, settings);
  const plain = sound(readModel(Buffer.from(writeJson(raw.record)), 'raw.json'));
  /** How many of the first 200 samples, which are sound, and of the last 90, which are not, are called abnormal. */
  const told = (scoreOf: (values: SensorValues) => number) => {
    const isAbnormal = other.map(({ values }) => scoreOf(values) > 0.5);
    return [isAbnormal.slice(0, 200), isAbnormal.slice(210)].map((part) => part.filter(Boolean).length);
  };
  const [falsely = 0, truly = 0] = told((values) => asked(values, 'other'));
  assert.ok(falsely <= 10 && truly === 90, `${falsely} of 200 and ${truly} of 90`);
  // To the other one the machine is always sound or always abnormal.
  const [plainFalsely = 0, plainTruly = 0] = told((values) => score(plain, values).probability);
  assert.ok(
    Math.abs(plainFalsely / 200 - plainTruly / 90) < 0.3,
    `${plainFalsely} of 200, ${plainTruly} of 90`,
  );
  assert.ok(own.metrics.auc > raw.metrics.auc + 0.2, `${own.metrics.auc} and ${raw.metrics.auc}`);
});

test('to be further from the baseline never makes a sample less abnormal', () => {
  const roll = dice(11);
  const noise = Array.from({ length: 3000 }, (_, at) => ({
    values: Array.from({ length: 6 }, () => 10 + roll(100) / 10),
    label: Number(roll(4) === 0),
    recording: `r${at % 5}`,
  }));
  const { record } = trained(noise, {
    ...settings,
    depths: [6],
    baseline: { samples: 20, smooth: 2 },
    minChildWeight: 1,
  });
  const random = sound(readModel(Buffer.from(writeJson(record)), 'noise.json'));
  assert.ok(record.trees.some(({ left }) => left.length > 3));
  for (let at = 0; at < 2000; at += 1) {
    const values = Array.from({ length: 6 }, () => roll(1000) / 1000);
    const sensor = roll(6);
    const further = values.with(sensor, (values[sensor] ?? 0) + roll(1000) / 1000);
    assert.ok(score(random, further).probability >= score(random, values).probability);
  }
});

test('the model file and the card say what the model is given; the reference is of what sensors say', () => {
  assert.deepEqual(model.baseline, baseline);
  const card = modelCard(own, []);
  assert.deepEqual(card.settings.baseline, baseline);
  assert.deepEqual(card.reference, { ...trained(rows, settings).reference, score: card.reference.score });
  assert.match(modelCardPage('Own', own, []), /no values but deviations: .* first 40 samples/);
});
