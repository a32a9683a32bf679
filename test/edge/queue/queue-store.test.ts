import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TakenSample } from '../../../edge/message/encode-message.ts';
import { openQueue, type Queue } from '../../../edge/queue/queue.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSample } from './queue-samples.ts';

const folder = scratchFolder();
let files = 0;

const step = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    cylinder: fc.constantFrom('a', 'b', 'c'),
    startMs: fc.integer({ min: 0, max: 20 }).map((seconds) => seconds * 1000),
    count: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('take' as const),
    part: fc.constantFrom('recent' as const, 'older' as const),
    boundaryMs: fc.integer({ min: 0, max: 40_000 }),
    limit: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({
    kind: fc.constantFrom('acknowledge' as const, 'requeue' as const),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('commit' as const) }),
  fc.record({ kind: fc.constant('prune' as const), nowMs: fc.integer({ min: 0, max: 60_000 }) }),
);

const named = (samples: readonly TakenSample[]) =>
  samples.map(({ origin, sample }) => [origin.cylinder, sample.t, sample.seq]);

test('a queue in memory hands out, forgets and gives up what one on disk does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const paths = [null, join(folder, `queue-${++files}.sqlite`)];
      const queues = paths.map((path) => openQueue({ path, maxAgeMs: 15_000 }));
      const taken = new Map<Queue, TakenSample[]>(queues.map((queue) => [queue, []]));
      const numbers = new Map<string, number>();
      for (const each of steps) {
        const from = each.kind === 'append' ? (numbers.get(each.cylinder) ?? 0) : 0;
        if (each.kind === 'append') numbers.set(each.cylinder, from + each.count);
        const [memory, file] = queues.map((queue) => {
          const own = taken.get(queue) ?? [];
          switch (each.kind) {
            case 'append':
              queue.append(
                Array.from({ length: each.count }, (_, index) =>
                  queuedSample(each.cylinder, from + index, each.startMs),
                ),
              );
              break;
            case 'take':
              own.push(...queue.take(each.part, each.boundaryMs, each.limit));
              break;
            case 'acknowledge':
              queue.acknowledge(own.splice(0, each.count));
              break;
            case 'requeue':
              queue.requeue(own.splice(0, each.count));
              break;
            case 'commit':
              queue.commit();
              break;
            case 'prune':
              queue.prune(each.nowMs);
          }
          return [queue.size(), queue.newestMs(), named(own), queue.takeGaps().map(({ gap }) => gap)];
        });
        assert.deepEqual(memory, file);
      }
      for (const queue of queues) queue.close();
    }),
    { numRuns: 60 },
  );
});
