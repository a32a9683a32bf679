import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHousekeeping, createSourceReporter } from '../../../edge/gateway/housekeeping.ts';
import type { LogEntry } from '../../../edge/gateway/log.ts';
import type { Status } from '../../../edge/message/encode-message.ts';
import { createTokenBucket } from '../../../edge/publisher/priority-queue.ts';

const START = 1_763_800_000_000;

/** What was told, and two clocks that are moved by hand. */
const witness = () => {
  const time = { wall: START, monotonic: 0 };
  const statuses: Status[] = [];
  const entries: LogEntry[] = [];
  const pruned: number[] = [];
  const parts = {
    report: (status: Status) => void statuses.push(status),
    log: (entry: LogEntry) => void entries.push(entry),
    prune: (nowMs: number) => void pruned.push(nowMs),
    wall: () => time.wall,
    now: () => time.wall,
    monotonic: () => time.monotonic,
  };
  const pass = (ms: number) => {
    time.wall += ms;
    time.monotonic += ms;
  };
  return { parts, time, pass, statuses, entries, pruned };
};

test('a clock that jumps is told on the status topic and in the log, and nothing is given up by it for ten minutes', () => {
  const { parts, time, pass, statuses, entries, pruned } = witness();
  const keepHouse = createHousekeeping(parts);
  const minutes = (count: number) => {
    for (let second = 0; second < count * 60; second += 1) {
      pass(1000);
      keepHouse();
    }
  };
  minutes(3);
  assert.equal(pruned.length, 3);
  time.wall += 86_400_000;
  minutes(9);
  assert.equal(pruned.length, 3);
  time.wall -= 86_400_000;
  minutes(11);
  assert.ok(pruned.length > 3 && pruned.every((nowMs) => nowMs < START + 86_400_000));
  const jumps = statuses.map((status) => (status.kind === 'clock' ? status.jumpMs : null));
  assert.deepEqual(jumps, [86_400_000, -86_400_000]);
  assert.match(entries[0]?.message ?? '', /the clock was set 86400 s forward/);
  assert.match(entries[1]?.message ?? '', /86400 s back/);
});

test('the first bad line is told at once, the next ones as a count, and a source that failed at once', () => {
  const { parts, pass, statuses } = witness();
  const reporter = createSourceReporter(parts);
  const bad = (source: string, number: number) =>
    reporter.onEvent({ kind: 'bad-line', source, reason: 'sensor', message: `line ${number}` });
  const told = () =>
    statuses.map((status) =>
      status.kind === 'source' ? `${status.source} ${status.badLines} ${status.message}` : '',
    );
  for (let number = 1; number <= 50; number += 1) bad('stdin', number);
  bad('socket', 7);
  assert.deepEqual(told(), ['stdin 1 line 1', 'socket 1 line 7']);
  pass(10_000);
  reporter.tick();
  reporter.tick();
  reporter.onEvent({ kind: 'failed', source: 'socket', message: 'gone' });
  assert.deepEqual(told().slice(2), ['stdin 49 line 50', 'socket 0 gone']);
  pass(10_000);
  reporter.tick();
  bad('stdin', 51);
  assert.deepEqual(told().slice(4), ['stdin 1 line 51']);
});

test('bad lines are counted by reason: the first of each is told at once, all of them at the end', () => {
  const { parts, entries } = witness();
  const reporter = createSourceReporter(parts);
  const reasons = ['cylinder', 'sensor', 'sensor', 'not-json', 'sensor'];
  for (const [at, reason] of reasons.entries())
    reporter.onEvent({ kind: 'bad-line', source: 'stdin', reason, message: `line ${at + 1}: ${reason}` });
  reporter.end();
  assert.deepEqual(
    entries.map(({ message }) => message),
    [
      'stdin: line 1: cylinder',
      'stdin: line 2: sensor',
      'stdin: line 4: not-json',
      'stdin: line 5: sensor (2 more: 2 sensor)',
      'stdin: 5 refused in all: 1 cylinder, 3 sensor, 1 not-json',
    ],
  );
});

for (const [perSecond, size, expected] of [
  [200, 10, 2200],
  [5, 10, 60],
  [1, 1, 11],
] as const) {
  test(`a token bucket of ${perSecond} a second lets messages of ${size} through at that rate, and saves up no more than a second`, () => {
    let nowMs = 0;
    const mayTake = createTokenBucket(perSecond, () => nowMs);
    let taken = 0;
    nowMs = 3_600_000;
    for (const end = nowMs + 10_000; nowMs <= end; nowMs += 10) if (mayTake(size)) taken += size;
    assert.ok(Math.abs(taken - expected) <= size, `${taken}`);
  });
}
