import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPriorityQueue } from '../../../edge/publisher/priority-queue.ts';
import { openQueue } from '../../../edge/queue/queue.ts';
import { queuedSample } from '../queue/queue-samples.ts';

const LINGER_MS = 10_000;

test('what comes while a line of a hundred sends its messages gathers for the next ones, as full as the first', () => {
  let nowMs = 0;
  const queue = openQueue({ path: null });
  const outbound = createPriorityQueue(
    { queue, now: () => 0, monotonic: () => nowMs, onArrived: () => {} },
    { gateway: 'gw', recentMs: 3_600_000, drainPerSecond: 100, lingerMs: LINGER_MS },
  );
  const scan = (seq: number): void => {
    queue.append(Array.from({ length: 100 }, (_, cylinder) => queuedSample(`c-${cylinder}`, seq)));
    queue.commit();
    outbound.refresh();
  };
  const ready = (): readonly number[] => {
    const samples: number[] = [];
    for (let message = outbound.next(); message !== null; message = outbound.next()) {
      samples.push(message.samples);
      message.arrived();
    }
    return samples;
  };
  for (let round = 0; round < 3; round += 1) {
    for (let second = 0; second < 10; second += 1) scan(10 * round + second);
    const first = outbound.next();
    first?.arrived();
    assert.equal(first?.samples, 10);
    const rest = ready();
    assert.deepEqual(new Set(rest), new Set([10]));
    assert.equal(rest.length, 99);
    nowMs += LINGER_MS;
  }
  for (let second = 30; second < 40; second += 1) scan(second);
  assert.equal(outbound.next()?.samples, 10);
  scan(40);
  assert.equal(ready().length, 99);
  nowMs += LINGER_MS;
  assert.deepEqual(
    ready(),
    Array.from({ length: 100 }, () => 1),
  );
  queue.close();
});
