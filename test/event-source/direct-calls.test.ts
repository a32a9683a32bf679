import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { RUNS } from '../fixture/property-runs.ts';
import type { EndState } from './end-state.ts';
import { type Act, deployLine, NO_MISHAPS } from './happen.ts';
import { mishapsOf } from './mishaps-of-tape.ts';
import { play, stories } from './story.ts';
import { BLANK, tapeOf, tapes } from './tape.ts';

/** A run is some hundred calls of functions, each with its requests. */
const FEW = { numRuns: Math.ceil(RUNS.numRuns / 400), endOnFailure: true };

/** Nothing is late before all of a stretch has come, in whatever order the calls were made. */
const happen = await deployLine({
  ...SHORT_POLICY,
  latenessMs: 60_000,
  staleAfterMs: 100_000,
  offlineAfterMs: 200_000,
});

/** What is the same in whatever order messages came: all but the times at which the receiver came to know of it. */
const timeless = ({
  toldTwice,
  published,
  records,
  incidents,
  samples,
  quarantine,
  untold,
  twins,
}: EndState) => ({
  published: published.map(({ id }) => id).toSorted(),
  conditions: records.map(({ id, record }) => [id, Object(Object(record).alarm).condition]),
  incidents: incidents.map(({ id, incident }) => [id, Object(incident).severity, Object(incident).clearedAt]),
  twins: twins.map(({ id, twin }) => [id, Object(twin).condition, Object(twin).severity]),
  samples,
  quarantine,
  untold,
  toldTwice,
});

test('called directly, in whatever order the calls come, all ends as if nothing had failed', async () => {
  const settings = { ingest: 'direct' } as const;
  await fc.assert(
    fc.asyncProperty(stories, tapes, async (story, choices) => {
      const act: Act = (line, clock) => play(line, clock, story);
      const wanted = await happen({ tape: BLANK, mishaps: NO_MISHAPS, settings, act });
      const tape = tapeOf(choices);
      const end = await happen({ tape, mishaps: mishapsOf(tape), settings, act });
      assert.deepEqual(timeless(end), timeless(wanted));
      assert.deepEqual([end.untold, end.toldTwice], [[], []]);
    }),
    FEW,
  );
});
