import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noticeNumber, noticeSeries } from '../../domain/notice/notice.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { RUNS } from '../fixture/property-runs.ts';
import type { EndState } from './end-state.ts';
import { deployLine } from './happen.ts';
import { mishapsOf } from './mishaps-of-tape.ts';
import { messageOf, play, stories } from './story.ts';
import { BLANK, tapeOf, tapes } from './tape.ts';

const happen = await deployLine({ ...SHORT_POLICY, remind: { advisory: 2000, warning: 4000 } });

const numbersBySeries = ({ published }: EndState) =>
  Object.values(
    Object.groupBy(
      published.filter(({ id }) => id.startsWith('c')),
      ({ id }) => noticeSeries(id),
    ),
  ).map((all = []) => all.map(({ id }) => noticeNumber(id)));

test('whatever fails, and however the stream is handed over, the notices of an incident are told in their order', async () => {
  await fc.assert(
    fc.asyncProperty(stories, tapes, async (story, choices) => {
      const tape = tapeOf(choices);
      const end = await happen({
        tape,
        mishaps: mishapsOf(tape),
        settings: {
          ingest: 'stream',
        },
        act: (line, clock) => play(line, clock, story),
      });
      for (const numbers of numbersBySeries(end))
        assert.deepEqual(
          numbers,
          numbers.toSorted((a, b) => a - b),
        );
    }),
    { numRuns: Math.ceil(RUNS.numRuns / 250), endOnFailure: true },
  );
});

test('a notice that SNS did not take at once is still told before the one that came with it', async () => {
  let isRefused = false;
  const { published } = await happen({
    tape: BLANK,
    mishaps: ({ service }) => {
      if (service !== 'sns' || isRefused) return 'none';
      isRefused = true;
      return 'refused';
    },
    settings: { ingest: 'stream' },
    act: (line, clock) => play(line, clock, [[messageOf('c1', 'AAAAAAAAAAAA', 0, 12)]]),
  });
  assert.ok(isRefused);
  assert.deepEqual(
    published.map(({ id }) => noticeNumber(id)),
    [1, 2],
  );
});
