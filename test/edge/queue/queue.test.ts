import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { QueuedSample } from '../../../edge/message/encode-message.ts';
import { openQueue, type Queue, type QueueOptions } from '../../../edge/queue/queue.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { queuedSample, queuedSamples } from './queue-samples.ts';

const folder = scratchFolder();
let files = 0;
const newPath = () => join(folder, `queue-${++files}.sqlite`);

const open = (options: Partial<QueueOptions> = {}): Queue & Disposable => {
  const queue = openQueue({ path: newPath(), ...options });
  return { ...queue, [Symbol.dispose]: queue.close };
};

const named = (samples: readonly QueuedSample[]) =>
  samples.map(({ origin, sample }) => `${origin.cylinder} ${origin.boot} ${sample.seq}`);

test('what was taken in comes out whole, oldest first, on either side of the boundary', () => {
  using queue = open();
  const samples = [...queuedSamples('a', 0, 5), ...queuedSamples('b', 0, 5)];
  queue.append(samples);
  queue.commit();
  const plain = (taken: readonly QueuedSample[]) => taken.map(({ origin, sample }) => ({ origin, sample }));
  const byTime = (one: QueuedSample, other: QueuedSample) => one.sample.t - other.sample.t;
  const expected = samples.toSorted(byTime);
  assert.deepEqual(plain(queue.take('recent', 3000, 100)), expected.slice(6));
  assert.deepEqual(plain(queue.take('older', 3000, 100)), expected.slice(0, 6));
  assert.equal(queue.newestMs(), 4000);
});

test('a sample is handed out once, again when it is put back, and never after it was acknowledged', () => {
  using queue = open();
  queue.append(queuedSamples('a', 0, 4));
  queue.commit();
  const [first, second, ...rest] = queue.take('recent', 0, 10);
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(queue.take('recent', 0, 10), []);
  queue.acknowledge([first]);
  queue.requeue([second, ...rest]);
  assert.equal(queue.size(), 3);
  assert.deepEqual(named(queue.take('recent', 0, 1)), ['a boot-1 1']);
  queue.commit();
  assert.deepEqual(named(queue.take('recent', 0, 10)), ['a boot-1 2', 'a boot-1 3']);
  assert.equal(queue.size(), 3);
});

test('a file that is opened again holds what was not acknowledged, under the numbers of its own start', () => {
  const path = newPath();
  const before = openQueue({ path });
  before.append(queuedSamples('a', 0, 3));
  before.commit();
  before.acknowledge(before.take('recent', 0, 1));
  before.close();
  using queue = open({ path });
  assert.equal(queue.size(), 2);
  assert.equal(queue.newestMs(), 2000);
  queue.append(queuedSamples('a', 5, 7, 'boot-2'));
  queue.commit();
  assert.deepEqual(named(queue.take('recent', 0, 10)), [
    'a boot-1 1',
    'a boot-1 2',
    'a boot-2 5',
    'a boot-2 6',
  ]);
});

test('samples are committed by themselves, soon or when there are many, and told then', async () => {
  const committed: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  using queue = open({
    commitMs: 5,
    onCommitted: (samples) => {
      committed.push(...named(samples));
      resolve();
    },
  });
  queue.append([queuedSample('a', 0)]);
  assert.deepEqual(committed, []);
  await promise;
  assert.deepEqual(committed, ['a boot-1 0']);
  queue.append(queuedSamples('a', 1, 2001));
  assert.equal(committed.length, 2001);
});

test('beyond its size the queue gives up the oldest and counts them by cylinder and start, across a restart', () => {
  const path = newPath();
  const options = { path, maxBytes: 200_000 };
  const queue = openQueue(options);
  for (let seq = 0; seq < 2000; seq += 50) {
    queue.append([...queuedSamples('a', seq, seq + 50), ...queuedSamples('b', seq, seq + 50)]);
    queue.commit();
  }
  const left = queue.size();
  queue.close();
  assert.ok(left > 500 && left < 2500, `${left}`);
  assert.ok(statSync(path).size < 260_000, `${statSync(path).size}`);

  using again = open(options);
  const kept = again.take('recent', 0, 4000);
  const gaps = again.takeGaps();
  assert.equal(kept.length, left);
  assert.deepEqual(gaps.map(({ gap }) => gap.cylinder).sort(), ['a', 'b']);
  for (const { gap } of gaps) {
    const first = kept.find(({ origin }) => origin.cylinder === gap.cylinder)?.sample.seq ?? Number.NaN;
    const { cylinder } = gap;
    assert.deepEqual(gap, {
      cylinder,
      boot: 'boot-1',
      fromSeq: 0,
      toSeq: first - 1,
      fromT: 0,
      toT: (first - 1) * 1000,
      samples: first,
    });
  }
});

test('a gap that was handed out does not grow: later losses make another one; a told gap is gone', () => {
  using queue = open({ maxAgeMs: 1000 });
  queue.append(queuedSamples('a', 0, 10));
  queue.commit();
  queue.prune(4000);
  const [first, ...none] = queue.takeGaps();
  assert.ok(first !== undefined && none.length === 0);
  assert.deepEqual([first.gap.fromSeq, first.gap.toSeq, first.gap.samples], [0, 2, 3]);
  queue.prune(5000);
  queue.prune(6000);
  queue.acknowledgeGap(first.id);
  const later = queue.takeGaps().map(({ gap }) => [gap.fromSeq, gap.toSeq, gap.samples]);
  assert.deepEqual(later, [[3, 4, 2]]);
  assert.equal(queue.size(), 5);
});

test('what is on its way is not given up', () => {
  using queue = open({ maxAgeMs: 1000 });
  queue.append(queuedSamples('a', 0, 10));
  queue.commit();
  queue.take('older', 3000, 10);
  queue.prune(8000);
  assert.deepEqual(
    queue.takeGaps().map(({ gap }) => gap.samples),
    [4],
  );
  assert.equal(queue.size(), 6);
});

test('a second process is refused the file, with what to do', () => {
  const path = newPath();
  using _queue = open({ path });
  assert.throws(() => openQueue({ path }), /queue-\d+\.sqlite is in use by another process: stop that one/);
});

test('a file that cannot be made is told with what to do', () => {
  assert.throws(() => openQueue({ path: join(folder, 'no', 'folder') }), /cannot be written: make sure/);
});

test('a damaged file is put aside and a new one begun', () => {
  const path = newPath();
  writeFileSync(path, 'this is no database at all, however long it goes on'.repeat(100));
  using queue = open({ path });
  assert.equal(queue.movedTo, `${path}.damaged-1`);
  assert.ok(existsSync(`${path}.damaged-1`));
  queue.append(queuedSamples('a', 0, 1));
  queue.commit();
  assert.equal(queue.size(), 1);
});

test('an empty queue that is opened again gives the disk back its space', () => {
  const path = newPath();
  const queue = openQueue({ path });
  queue.append(queuedSamples('a', 0, 5000));
  queue.commit();
  queue.acknowledge(queue.take('recent', 0, 5000));
  queue.close();
  const full = statSync(path).size;
  using again = open({ path });
  assert.ok(readdirSync(folder).length > 0 && full > 400_000);
  again.commit();
  assert.ok(statSync(path).size < 50_000, `${statSync(path).size}`);
});

type Step = Readonly<{ kind: 'append' | 'take' | 'arrive' | 'back' | 'commit' | 'reopen'; count: number }>;
const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('append', 'append', 'take', 'take', 'arrive', 'back', 'commit', 'reopen'),
  count: fc.integer({ min: 1, max: 30 }),
});

test('whatever is taken, put back, acknowledged and reopened: nothing is lost, invented or handed out twice', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const path = newPath();
      let queue = openQueue({ path });
      let next = 0;
      const owed = new Set<number>();
      let held: ReturnType<Queue['take']> = [];
      for (const { kind, count } of steps) {
        if (kind === 'append') {
          queue.append(queuedSamples('a', next, next + count));
          for (let seq = next; seq < next + count; seq += 1) owed.add(seq);
          next += count;
        }
        if (kind === 'take') {
          const taken = queue.take(count % 2 === 0 ? 'recent' : 'older', count * 1000, count);
          const before = new Set(held.map(({ sample }) => sample.seq));
          for (const { sample } of taken) assert.ok(owed.has(sample.seq) && !before.has(sample.seq));
          held = [...held, ...taken];
        }
        const some = held.slice(0, count);
        if (kind === 'arrive') for (const { sample } of some) owed.delete(sample.seq);
        if (kind === 'arrive') queue.acknowledge(some);
        if (kind === 'back') queue.requeue(some);
        if (kind === 'arrive' || kind === 'back') held = held.slice(count);
        if (kind === 'commit') queue.commit();
        if (kind !== 'reopen') continue;
        queue.close();
        queue = openQueue({ path });
        held = [];
      }
      queue.requeue(held);
      queue.commit();
      assert.equal(queue.size(), owed.size);
      assert.deepEqual(
        queue.take('recent', 0, 10_000).map(({ sample }) => sample.seq),
        [...owed],
      );
      queue.close();
    }),
    { numRuns: 40 },
  );
});
