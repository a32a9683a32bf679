import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../edge/timing/clock.ts';
import { sweepByClock, sweepByRecording } from '../../../local/run/sweeper.ts';

/** A clock that jumps to whatever time somebody sleeps for. */
const jumpingClock = (): Clock & Readonly<{ pass: (ms: number) => void }> => {
  let now = 1000;
  return {
    now: () => now,
    sleepUntil: (tMs, signal) => {
      if (!signal.aborted) now = Math.max(now, tMs);
      return Promise.resolve();
    },
    pass: (ms) => {
      now += ms;
    },
  };
};

test('sweeps begin after the time of grace, come at regular times, and end with the signal', async () => {
  const stop = new AbortController();
  const swept: number[] = [];
  const clock = jumpingClock();
  const sweep = (now: number): Promise<void> => {
    swept.push(now);
    if (swept.length === 3) stop.abort();
    return Promise.resolve();
  };
  await sweepByClock(clock, sweep, { graceMs: 60_000, everyMs: 5000, signal: stop.signal });
  assert.deepEqual(swept, [61_000, 66_000, 71_000]);
});

test('a sweep that takes long makes the next one late, not double', async () => {
  const stop = new AbortController();
  const swept: number[] = [];
  const clock = jumpingClock();
  const sweep = (now: number): Promise<void> => {
    swept.push(now);
    clock.pass(12_000);
    if (swept.length === 2) stop.abort();
    return Promise.resolve();
  };
  await sweepByClock(clock, sweep, { graceMs: 0, everyMs: 5000, signal: stop.signal });
  assert.deepEqual(swept, [1000, 18_000]);
});

test('a run that is stopped within the time of grace is never swept', async () => {
  const sweep = (): Promise<void> => Promise.reject(new Error('swept'));
  const signal = AbortSignal.abort();
  await sweepByClock(jumpingClock(), sweep, { graceMs: 60_000, everyMs: 5000, signal });
});

test('a sweep that fails ends the sweeping', async () => {
  const sweep = (): Promise<void> => Promise.reject(new Error('disk'));
  const { signal } = new AbortController();
  const sweeping = sweepByClock(jumpingClock(), sweep, { graceMs: 0, everyMs: 5000, signal });
  await assert.rejects(sweeping, /disk/);
});

test('a recording is swept when its time has moved on far enough, once however far', () => {
  const swept: number[] = [];
  const passed = sweepByRecording((now) => Promise.resolve(void swept.push(now)), 60_000, 0);
  for (const now of [0, 59_999, 60_000, 60_000, 119_999, 400_000, 459_999, 460_000]) passed(now);
  assert.deepEqual(swept, [60_000, 400_000, 460_000]);
});
