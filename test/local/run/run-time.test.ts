import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../edge/timing/timing.ts';
import { arrivalClock, recordingClock, sweepByClock, sweepByRecording } from '../../../local/run/run-time.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { messageOf, messageOfBytes } from '../../fixture/received-message.ts';

test('a message is received when it arrives, whatever is in it', () => {
  let now = 5;
  const clock = arrivalClock({ now: () => now, sleepUntil: () => Promise.resolve() });
  const { topic, body } = messageOf('c', 'nnn').raw;
  assert.equal(clock.receivedAt(topic, body), 5);
  now = 6;
  assert.equal(clock.receivedAt(topic, body), 6);
  assert.equal(clock.now(), 6);
});

test('a message of a recording is received at its newest sample, and never before what came earlier', () => {
  const clock = recordingClock(START_MS);
  const receive = ({ raw }: ReturnType<typeof messageOf>): number =>
    clock.receivedAt(raw.topic, raw.body) - START_MS;
  assert.equal(clock.now(), START_MS);
  assert.equal(receive(messageOf('c', 'nnn', { from: 10 })), 12_000);
  assert.equal(receive(messageOf('d', 'n', { from: 5 })), 12_000);
  assert.equal(receive(messageOfBytes('garbage')), 12_000);
  assert.equal(receive(messageOf('d', 'n', { from: 13 })), 13_000);
  assert.equal(clock.now(), START_MS + 13_000);
});

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
