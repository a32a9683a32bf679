import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NOTICE } from '../../aws/dynamodb/key.ts';
import { noticeNumber, noticeSeries } from '../../domain/notice/notice.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { RUNS } from '../fixture/property-runs.ts';
import type { EndState } from './end-state.ts';
import { deployLine } from './happen.ts';
import type { Line } from './line.ts';
import { mishapsOf } from './mishaps-of-tape.ts';
import { messageOf, play, stories } from './story.ts';
import { BLANK, tapeOf, tapes } from './tape.ts';

const happen = await deployLine({ ...SHORT_POLICY, remind: { advisory: 2000, warning: 4000 } });

/** A notice waits so long for the one before it, and is told then. */
const WAIT_MS = 600_000;

/** The notices that were told after such a wait: an outage of ten minutes is longer than their order is kept. */
const longAwaited = ({ dynamo }: Line): ReadonlySet<string> =>
  new Set(
    dynamo.table
      .items()
      .filter(({ toldAt, createdAt }) => Number(toldAt?.N) - Number(createdAt?.N) >= WAIT_MS)
      .map(({ sk }) => sk?.S?.slice(NOTICE.length) ?? ''),
  );

const numbersBySeries = ({ published }: EndState, left: ReadonlySet<string>) =>
  Object.values(
    Object.groupBy(
      published.filter(({ id }) => id.startsWith('c') && !left.has(id)),
      ({ id }) => noticeSeries(id),
    ),
  ).map((all = []) => all.map(({ id }) => noticeNumber(id)));

test('whatever fails, and however the stream is handed over, the notices of an incident are told in their order', async () => {
  await fc.assert(
    fc.asyncProperty(stories, tapes, async (story, choices) => {
      const tape = tapeOf(choices);
      let left: ReadonlySet<string> = new Set();
      const end = await happen({
        tape,
        mishaps: mishapsOf(tape),
        settings: {
          ingest: 'stream',
        },
        act: async (line, clock) => {
          await play(line, clock, story);
          left = longAwaited(line);
        },
      });
      for (const numbers of numbersBySeries(end, left))
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
