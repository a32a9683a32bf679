import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReplay } from '../../domain/alarm/plant.ts';
import { RUNS } from '../fixture/property-runs.ts';
import { compareOutputs } from '../oracle/compare-outputs.ts';
import { replayOracle } from '../oracle/oracle.ts';
import { randomStream } from '../oracle/random-stream.ts';

const replay = (lines: readonly object[]): readonly object[] => {
  const take = createReplay();
  return lines.flatMap((line): readonly object[] => {
    const step = take(line);
    if (!step.ok) throw new Error(`${step.message}: ${JSON.stringify(line)}`);
    return step.lines;
  });
};

test('over hostile random streams the fold says what the slow model of the document says', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), fc.integer({ min: 20, max: 90 }), (seed, slots) => {
      const stream = randomStream(seed, { slots });
      assert.equal(compareOutputs(replayOracle(stream), replay(stream)), null);
    }),
    RUNS,
  );
});

test('over long random streams too', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), (seed) => {
      const stream = randomStream(seed);
      assert.equal(compareOutputs(replayOracle(stream), replay(stream)), null);
    }),
    { numRuns: Math.ceil(RUNS.numRuns / 20) },
  );
});
