import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { fuzz } from './fuzz.ts';
import { specimens } from './specimens.ts';
import { sound } from './stump.ts';

const COUNT = Number(process.env.FUZZ_MUTATIONS ?? 4000);
const LARGEST_MEMORY_BYTES = 256 * 2 ** 20;

test('every specimen is a sound model with the same answers', () => {
  for (const bytes of specimens()) {
    const model = sound(readModel(bytes, 'specimen'));
    assert.ok(score(model, [50, 2, 2, 4, 50, 1000]).probability < 0.5, model.format);
    assert.ok(score(model, [50, 3, 2, 4, 50, 1000]).probability > 0.5, model.format);
  }
});

test(`${COUNT} mutations each end in a named error or in numbers, in bounded memory`, async () => {
  const { refused, accepted, peakBytes } = await fuzz(COUNT, 20_261_123);
  assert.equal(refused + accepted, COUNT);
  assert.ok(refused > COUNT / 2);
  assert.ok(accepted > 0);
  assert.ok(peakBytes < LARGEST_MEMORY_BYTES, `${peakBytes} bytes`);
});
