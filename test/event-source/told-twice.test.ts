import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { deployLine } from './happen.ts';
import type { Asked, Mishap } from './mishap.ts';
import { messageOf, play, type Story } from './story.ts';
import { BLANK } from './tape.ts';

const happen = await deployLine(SHORT_POLICY);

const STORY: Story = [[messageOf('c1', 'AAAAAA', 0, 6)]];

const isClaim = ({ operation, body }: Asked): boolean =>
  operation === 'UpdateItem' && body.includes('SET #until');
const isPublish = ({ service }: Asked): boolean => service === 'sns';
const isNote = ({ operation, body }: Asked): boolean =>
  operation === 'UpdateItem' && body.includes('SET #told');

/** How often the one notice of the story is told where the first so many requests of a kind meet a mishap. */
const timesTold = async (mishap: Mishap, isMeant: (asked: Asked) => boolean, times = 1): Promise<number> => {
  let left = times;
  const { published, untold } = await happen({
    tape: BLANK,
    mishaps: (asked) => {
      if (left === 0 || !isMeant(asked)) return 'none';
      left -= 1;
      return mishap;
    },
    settings: { ingest: 'stream' },
    act: (line, clock) => play(line, clock, STORY),
  });
  assert.equal(left, 0, 'nothing befell the run');
  assert.deepEqual(untold, []);
  assert.deepEqual([...new Set(published.map(({ id }) => id))], ['c1@1700000002000#1']);
  return published.length;
};

describe('a notice is told once', () => {
  for (const [what, mishap, isMeant, times] of [
    ['its claim is never carried out', 'unreached', isClaim, 1],
    ['the answer to its claim is lost', 'lost', isClaim, 1],
    ['the run is killed before it claims it', 'killed-before', isClaim, 1],
    ['the run is killed when it has claimed it', 'killed-after', isClaim, 1],
    ['the run is killed before SNS has it', 'killed-before', isPublish, 1],
    ['SNS does not take it, five times', 'refused', isPublish, 5],
    ['SNS asks for patience', 'throttled', isPublish, 1],
    ['SNS is not reached', 'unreached', isPublish, 1],
    ['noting that it was told fails twice', 'refused', isNote, 2],
    ['the answer to that note is lost', 'lost', isNote, 1],
    ['the run is killed when that is noted', 'killed-after', isNote, 1],
  ] as const) {
    test(`where ${what}`, async () => {
      assert.equal(await timesTold(mishap, isMeant, times), 1);
    });
  }
});

describe('a notice is told twice, under the same id, and never more often', () => {
  for (const [what, mishap, isMeant, times] of [
    ['the run is killed when SNS has it and that is not noted', 'killed-after', isPublish, 1],
    ['the run is killed just before it notes that', 'killed-before', isNote, 1],
    ['the answer of SNS is lost', 'lost', isPublish, 1],
    ['that could not be noted three times', 'refused', isNote, 3],
  ] as const) {
    test(`where ${what}`, async () => {
      assert.equal(await timesTold(mishap, isMeant, times), 2);
    });
  }
});
