import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepFull } from './full-disk.ts';

const never = new Promise<never>(() => undefined);

/** A disk, a load and a clock on which a second passes at each turn; `turn` is called with how many have passed. */
const playedOut = (
  turn: (turns: number) => Readonly<{ acknowledged: number; isDone?: boolean; hasEnded?: boolean }>,
) => {
  let [turns, acknowledged, isDone, nowMs] = [0, 0, false, 0];
  const fills: (number | undefined)[] = [];
  const ending = Promise.withResolvers<void>();
  return {
    fills,
    outcome: keepFull({
      disk: { fill: (left) => void fills.push(left) },
      load: { acknowledgedSamples: () => acknowledged, isDone: () => isDone },
      ended: ending.promise,
      nowMs: () => nowMs,
      wait: () => {
        turns += 1;
        nowMs += 1000;
        const now = turn(turns);
        acknowledged = now.acknowledged;
        isDone = now.isDone ?? false;
        if (now.hasEnded !== true) return Promise.resolve();
        ending.resolve();
        return never;
      },
    }),
  };
};

test('a pipeline that ends on a full disk has ended', async () => {
  const { outcome, fills } = playedOut((turns) => ({ acknowledged: 10, hasEnded: turns === 3 }));
  assert.equal(await outcome, 'ended');
  assert.deepEqual(
    fills.map((left) => left ?? 0),
    [400_000, 0, 0],
  );
});

test('one that acknowledges all there is has lived on it, however long that took', async () => {
  const { outcome } = playedOut((turns) => ({ acknowledged: turns, isDone: turns === 1000 }));
  assert.equal(await outcome, 'all acknowledged');
});

test('one that neither ends nor acknowledges anything hangs', async () => {
  const { outcome } = playedOut((turns) => ({ acknowledged: Math.min(turns, 5) }));
  await assert.rejects(outcome, /on a full disk it neither ended nor acknowledged anything for 120 s/);
});
