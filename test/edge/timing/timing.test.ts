import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { realClock, untilAborted } from '../../../edge/timing/timing.ts';

const START = Date.UTC(2026, 10, 23, 12);

test('a clock starts where it is told, never shows less than was slept for, and leaves nothing on the signal', async () => {
  const clock = realClock(60, START);
  const { signal } = new AbortController();
  assert.ok(clock.now() >= START);
  for (const tMs of [START + 600, START + 1200, START]) {
    await clock.sleepUntil(tMs, signal);
    assert.ok(clock.now() >= tMs);
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a faster clock is ahead of a slower one', async () => {
  const fast = realClock(1000, START);
  const slow = realClock(1, START);
  await slow.sleepUntil(START + 20, new AbortController().signal);
  assert.ok(fast.now() - START >= 20_000);
});

test('a sleep ends at once when the signal is aborted, before or during it', async () => {
  const clock = realClock(1, START);
  const stop = new AbortController();
  const sleeping = clock.sleepUntil(START + 3_600_000, stop.signal);
  stop.abort();
  await sleeping;
  await clock.sleepUntil(START + 3_600_000, stop.signal);
  assert.ok(clock.now() < START + 3_600_000);
});

test('waiting until aborted gives the value, the error or nothing, and leaves nothing on the signal', async () => {
  const stop = new AbortController();
  assert.equal(await untilAborted(Promise.resolve(5), stop.signal), 5);
  await assert.rejects(untilAborted(Promise.reject(new Error('no')), stop.signal), /no/);
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  const waiting = untilAborted(new Promise(() => {}), stop.signal);
  stop.abort();
  assert.equal(await waiting, undefined);
  assert.equal(await untilAborted(new Promise(() => {}), stop.signal), undefined);
});
