import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { RUNS } from '../fixture/property-runs.ts';
import { byId, type EndState } from './end-state.ts';
import { type Act, deployLine, NO_MISHAPS } from './happen.ts';
import { mishapsOf } from './mishaps-of-tape.ts';
import { play, stories } from './story.ts';
import { BLANK, tapeOf, tapes } from './tape.ts';

/** A run is some hundred calls of functions, each with its requests. */
const FEW = { numRuns: Math.ceil(RUNS.numRuns / 500), endOnFailure: true };

const happen = await deployLine({ ...SHORT_POLICY, remind: { advisory: 2000, warning: 4000 } }, 'lake');

/** People must be told the same, each once; in which order is another matter. */
const unordered = (end: EndState) => ({ ...end, published: byId(end.published) });

test('from the stream into the lake, whatever fails and wherever it is killed, all ends as if nothing had failed', async () => {
  const settings = { ingest: 'stream' } as const;
  await fc.assert(
    fc.asyncProperty(stories, tapes, async (story, choices) => {
      const act: Act = (line, clock) => play(line, clock, story);
      const wanted = await happen({ tape: BLANK, mishaps: NO_MISHAPS, settings, act });
      const tape = tapeOf(choices);
      const end = await happen({ tape, mishaps: mishapsOf(tape), settings, act });
      assert.deepEqual(unordered(end), unordered(wanted));
      assert.deepEqual(end.untold, []);
      assert.deepEqual(end.toldTwice, []);
    }),
    FEW,
  );
});
