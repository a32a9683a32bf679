import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import { contributions } from '../../../edge/model/explain/contributions.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import { prediction, score } from '../../../edge/model/predict/score.ts';
import {
  type ReferenceRow,
  referencePath,
  referenceRows,
  referenceText,
  singleHex,
  skipReference,
} from './reference.ts';

type Specimen = Readonly<{
  file: string;
  expect: 'ok' | 'reject';
  compare?: 'bits' | '1e-5';
  rows?: string;
  rowsBest?: string;
  mayReject?: boolean;
  mayAccept?: boolean;
}>;

const specimens: readonly Specimen[] = skipReference ? [] : JSON.parse(referenceText('zoo/manifest.json'));

test('the zoo is there', { skip: skipReference }, () => assert.ok(specimens.length > 50));

const assertAnswers = (model: Model, { file, expect, compare, rows, mayAccept }: Specimen): void => {
  assert.ok(expect === 'ok' || mayAccept, `${file} must be refused`);
  const table = referenceRows(`zoo/${rows}`);
  assert.ok(table.length > 0);
  for (const { values, columns } of table) {
    const scored = score(model, values);
    const probability = prediction(model, scored);
    if (compare === 'bits') {
      assert.equal(singleHex(probability), columns.probability_hex, JSON.stringify(values));
      assert.equal(scored.margin === null ? '' : singleHex(scored.margin), columns.margin_hex);
    } else assert.ok(Math.abs(probability - Number(columns.probability)) <= 1e-5);
    if (columns.contrib_bias !== undefined) assertContributions(model, values, columns);
  }
};

const assertContributions = (model: Model, values: SensorValues, columns: ReferenceRow['columns']): void => {
  const { sensors, bias } = contributions(model, values);
  const expected = [...SENSORS, 'bias'].map((name) => Number(columns[`contrib_${name}`]));
  for (const [i, given] of [...sensors, bias].entries())
    assert.ok(Math.abs(given - (expected[i] ?? Number.NaN)) <= 1e-5, `${given} instead of ${expected[i]}`);
};

for (const specimen of specimens)
  test(`${specimen.file}: ${specimen.expect === 'ok' ? 'answers as XGBoost does' : 'is refused'}`, async () => {
    const loaded = await loadModel(referencePath(`zoo/${specimen.file}`));
    assert.equal(existsSync('./hostile-file-ran'), false);
    if (loaded.ok) return assertAnswers(loaded.model, specimen);
    assert.ok(specimen.expect === 'reject' || specimen.mayReject, loaded.error.message);
    assert.match(loaded.error.message, /^[^\n]+: [^\n]+; [^\n]+\.$/);
  });
