import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { score } from '../../../edge/model/predict/score.ts';

const MODEL = fileURLToPath(new URL('../../../edge/model/simulated-line.json', import.meta.url));
/**
 * What XGBoost 3.2.0 for Python answers on 200 rows: values at a split and one unit in the last place to either side of
 * it, missing values, ±1e30; margin and probability as IEEE-754 single in hexadecimal.
 */
const ANSWERS = new URL('../../fixture/model/simulated-line.parity.csv', import.meta.url);

const hexOf = (value: number): string => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, '0');
};

test('the model of the simulated line answers bit for bit as XGBoost does', async () => {
  const loaded = await loadModel(MODEL);
  assert.ok(loaded.ok);
  const [, ...rows] = readFileSync(ANSWERS, 'utf8').trim().split('\n');
  assert.equal(rows.length, 200);
  for (const row of rows) {
    const cells = row.split(',');
    const values = cells.slice(0, 6).map((cell) => (cell === '' ? null : Number(cell)));
    const { margin, probability } = score(loaded.model, values);
    assert.deepEqual([hexOf(margin ?? Number.NaN), hexOf(probability)], cells.slice(6), row);
  }
});
