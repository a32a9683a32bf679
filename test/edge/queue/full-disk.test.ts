import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry } from '../../../edge/gateway/log.ts';
import { startEdge } from '../../../edge/main.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { openQueue } from '../../../edge/queue/queue.ts';
import type { Transport } from '../../../edge/transport/transport.ts';
import { runWithFullDisk } from '../../contract/run-with-full-disk.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { mountSmallDisk } from '../../contract/small-disk.ts';
import { queuedSamples } from './queue-samples.ts';

const folder = scratchFolder();
const script = join(import.meta.dirname, 'append-to-full-disk.ts');

test('on a full disk the queue says so once and hands out from memory what it could not write', async () => {
  const path = join(folder, 'queue.sqlite');
  const printed = await runWithFullDisk(script, [path], 300);
  const { troubles, handed, again, size } = JSON.parse(printed);
  assert.match(troubles[0], /queue\.sqlite cannot grow, because the disk is full or fails: free some space/);
  assert.ok(troubles.every((trouble: unknown, index: number) => (trouble === null) === (index % 2 === 1)));
  const all = Array.from({ length: 8000 }, (_, seq) => seq);
  assert.deepEqual(handed, all);
  assert.deepEqual(again, all.slice(3000));
  assert.equal(size, 5000);
});

let disks = 0;

/** A small disk, or a skipped test. */
const smallDisk = (t: TestContext) => {
  const path = join(folder, `disk-${++disks}`);
  const disk = mountSmallDisk(path, 1024 * 1024);
  if (typeof disk === 'string') {
    t.skip(disk);
    return null;
  }
  t.after(() => disk.unmount());
  return { disk, path: join(path, 'queue.sqlite') };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(5);
};

test('a queue whose disk was full goes on by itself once there is room, again and again, and has everything on disk', async (t) => {
  const small = smallDisk(t);
  if (small === null) return;
  const { disk } = small;
  const troubles: (string | null)[] = [];
  const options = { path: small.path, onTrouble: (trouble: string | null) => void troubles.push(trouble) };
  const queue = openQueue(options);
  for (let round = 0; round < 3; round += 1) {
    disk.fill();
    queue.append(queuedSamples('a', round * 300, round * 300 + 300));
    await until(() => troubles.length === 2 * round + 1);
    assert.match(troubles.at(-1) ?? '', /disk is full or fails: free some space, then it goes on/);
    assert.equal(queue.size(), round * 300 + 300);
    disk.empty();
    await until(() => troubles.length === 2 * round + 2);
    assert.equal(troubles.at(-1), null);
  }
  queue.close();
  const again = openQueue({ path: small.path });
  assert.deepEqual(
    again.take('recent', 0, 10_000).map(({ sample }) => sample.seq),
    Array.from({ length: 900 }, (_, seq) => seq),
  );
  again.close();
});

test('a gateway that begins on a full disk waits for room and begins then; the signal ends the waiting', async (t) => {
  const small = smallDisk(t);
  if (small === null) return;
  const { disk } = small;
  const loaded = await loadModel(join(import.meta.dirname, '../../../edge/model/simulated-line.json'));
  assert.ok(loaded.ok);
  const topics: string[] = [];
  const transport: Transport = {
    ready: () => Promise.resolve(),
    publish: (topic) => Promise.resolve({ ok: true, topic: topics.push(topic) }),
    reset: () => {},
    close: () => Promise.resolve(),
  };
  const sample = { cylinder: 'a', t: Date.now(), values: [48, 2, 2, 3, 41, 1180], label: null };
  const begin = (signal: AbortSignal) => {
    const entries: LogEntry[] = [];
    const ended = startEdge(
      {
        transport,
        model: { first: loaded.model, path: 'absent' },
        openSources: () => Promise.resolve([{ name: 'press', source: Readable.from([[sample]]) }]),
        log: (entry) => void entries.push(entry),
      },
      { gateway: 'gw', queue: { path: small.path }, pace: 'arrival', signal },
    );
    return { entries, ended };
  };
  disk.fill();
  const stopping = new AbortController();
  const stopped = begin(stopping.signal);
  await until(() => stopped.entries.length > 0);
  stopping.abort();
  assert.deepEqual(await stopped.ended, { samples: 0, acknowledged: 0, queued: 0 });
  const running = begin(new AbortController().signal);
  await until(() => running.entries.length > 0);
  disk.empty();
  assert.deepEqual(await running.ended, { samples: 1, acknowledged: 1, queued: 0 });
  assert.match(running.entries[0]?.message ?? '', /disk is full or fails: free some space/);
  assert.deepEqual(topics.at(-1), 'greengrass/ml/inference/gw/a');
});
