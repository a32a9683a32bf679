import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { dice, mutate } from './mutate.ts';
import { specimens } from './specimens.ts';

/** What became of mutated files: a named error, or a model that answers every row with numbers. */
export type FuzzResult = Readonly<{
  refused: number;
  accepted: number;
  slowestMs: number;
  peakBytes: number;
}>;

const ROWS = [
  [50, 2, 2, 4, 50, 1000],
  [null, null, null, null, null, null],
  [1e30, -1e30, 0, -0, 1e-40, 1e38],
];

/** Reads `count` mutations of models in every format; throws where reading throws or a model's answer is no number. */
export const fuzz = async (count: number, seed: number): Promise<FuzzResult> => {
  const roll = dice(seed);
  const originals = specimens();
  const result = { refused: 0, accepted: 0, slowestMs: 0, peakBytes: 0 };
  for (let i = 0; i < count; i++) {
    const original = originals[roll(originals.length)] ?? new Uint8Array();
    const mutated = mutate(original, roll);
    const started = performance.now();
    const read = readModel(mutated, `mutation ${i} of seed ${seed}`);
    result.slowestMs = Math.max(result.slowestMs, performance.now() - started);
    if (i % 256 === 0) {
      result.peakBytes = Math.max(result.peakBytes, process.memoryUsage.rss());
      // The buffers of zlib are given back between two turns of the event loop.
      await setImmediate();
    }
    if (read.ok) {
      result.accepted++;
      assertAnswers(read.model);
    } else {
      result.refused++;
      assert.match(read.error.message, /^[^\n]+: [^\n]+; [^\n]+\.$/);
    }
  }
  return result;
};

const assertAnswers = (model: Model): void => {
  for (const row of ROWS) {
    const { margin, probability } = score(model, row);
    assert.ok(probability >= 0 && probability <= 1, `${model.name}: probability ${probability}`);
    assert.ok(margin === null || !Number.isNaN(margin), `${model.name}: margin ${margin}`);
  }
};

if (import.meta.main) {
  const [count = '100000', seed = '1'] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await fuzz(Number(count), Number(seed)))}\n`);
}
