import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  abnormalShare,
  countIn,
  draftOf,
  HOURS_OF_DAY,
  MINUTES_OF_HOUR,
  NO_SHARE,
  type Share,
} from './share.ts';

const MINUTE = 60_000;
const THREE = { lengthMs: MINUTE, stretches: 3 };

const counted = (share: Share, ...[t, abnormal, span]: [number, boolean, typeof THREE]): Share => {
  const draft = draftOf(share);
  countIn(draft, t, abnormal, span);
  return draft;
};

const after = (span: typeof THREE, ...samples: readonly (readonly [number, boolean])[]): Share =>
  samples.reduce((share, [t, abnormal]) => counted(share, t, abnormal, span), NO_SHARE);

test('an hour is counted by the minute, a day by the hour', () => {
  assert.deepEqual(
    [MINUTES_OF_HOUR, HOURS_OF_DAY],
    [
      { lengthMs: MINUTE, stretches: 60 },
      { lengthMs: 60 * MINUTE, stretches: 24 },
    ],
  );
});

test('without a sample the share is 0', () => assert.equal(abnormalShare(NO_SHARE), 0));

test('samples of one stretch are counted together, a stretch that was skipped is empty', () => {
  const share = after(THREE, [0, true], [MINUTE - 1, false], [2 * MINUTE, true]);
  assert.deepEqual(share, { newest: 2, received: [2, 0, 1], abnormal: [1, 0, 1] });
  assert.equal(abnormalShare(share), 2 / 3);
});

test('the oldest stretch leaves when a new one begins, and not before', () => {
  const before = after(THREE, [0, true], [MINUTE, false], [3 * MINUTE - 1, false]);
  assert.equal(abnormalShare(before), 1 / 3);
  assert.deepEqual(counted(before, 3 * MINUTE, false, THREE), {
    newest: 3,
    received: [1, 1, 1],
    abnormal: [0, 0, 0],
  });
});

test('after a silence as long as the span nothing is left of before', () => {
  const share = after(THREE, [0, true], [MINUTE, true], [4 * MINUTE, false]);
  assert.deepEqual(share, { newest: 4, received: [1], abnormal: [0] });
  const within = after(THREE, [0, true], [MINUTE, true], [3 * MINUTE, false]);
  assert.deepEqual(within, { newest: 3, received: [1, 0, 1], abnormal: [1, 0, 0] });
});

test('a sample of an earlier stretch is counted with the newest', () => {
  assert.deepEqual(after(THREE, [2 * MINUTE, false], [0, true]), { newest: 2, received: [2], abnormal: [1] });
});

test('counting leaves what was counted before as it was', () => {
  const before = after(THREE, [0, true]);
  counted(before, 0, true, THREE);
  assert.deepEqual(before, { newest: 0, received: [1], abnormal: [1] });
});

test('a day of a sample each second stays within its stretches', () => {
  let share = NO_SHARE;
  for (let t = 0; t < 30 * 3_600_000; t += 20_000) share = counted(share, t, t % 60_000 === 0, HOURS_OF_DAY);
  assert.equal(share.received.length, 24);
  assert.equal(abnormalShare(share), 1 / 3);
});
