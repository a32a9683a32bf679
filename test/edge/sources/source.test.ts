import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { retimedSource } from '../../../edge/recordings/recording.ts';
import { openSocketSource } from '../../../edge/sources/socket-source.ts';
import {
  mergeSources,
  type Source,
  type SourceEvent,
  type SourceSample,
} from '../../../edge/sources/source.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const folder = scratchFolder();
const sample = (cylinder: string, t: number): SourceSample => ({
  cylinder,
  t,
  values: [1, 2, 3, 4, 5, 6],
  label: null,
});

const all = async (source: Source): Promise<SourceSample[]> => {
  const samples: SourceSample[] = [];
  for await (const batch of source) samples.push(...batch);
  return samples;
};

async function* failing(): AsyncGenerator<readonly SourceSample[]> {
  yield await Promise.resolve([sample('b', 0)]);
  throw new Error('the bus is gone');
}

test('sources are merged, each in its own order, and one that fails does not stop another', async () => {
  const events: SourceEvent[] = [];
  const steady = Array.from({ length: 50 }, (_, t) => [sample('a', t)]);
  const merged = mergeSources(
    [
      { name: 'plc-1', source: steady },
      { name: 'plc-2', source: failing() },
    ],
    (event) => events.push(event),
  );
  const samples = await all(merged);
  assert.deepEqual(
    samples.filter(({ cylinder }) => cylinder === 'a').map(({ t }) => t),
    steady.map((_, t) => t),
  );
  assert.equal(samples.filter(({ cylinder }) => cylinder === 'b').length, 1);
  assert.deepEqual(events, [{ kind: 'failed', source: 'plc-2', message: 'the bus is gone' }]);
});

test('no source is read further than its samples are taken', async () => {
  let given = 0;
  function* counted(): Generator<readonly SourceSample[]> {
    for (; given < 1000; given += 1) yield [sample('a', given)];
  }
  for await (const [first] of mergeSources([{ name: 'one', source: counted() }], () => {})) {
    assert.ok(given - (first?.t ?? 0) <= 1);
    if (first?.t === 20) break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(given < 1000);
});

test('no sources are an end at once', async () => {
  assert.deepEqual(await all(mergeSources([], () => {})), []);
});

const T0 = 1_763_800_000_000;
const line = (cylinder: string, second: number) =>
  `${JSON.stringify({ cylinder, t: T0 + second * 1000, wRMSCurrent: 1 })}\n`;

/** A bridge that does not mind being cut off. */
const bridgeTo = (path: string): Socket => dial(path).on('error', () => {});

const openSocket = async (path: string) => {
  const events: SourceEvent[] = [];
  const opened = await openSocketSource({ path, now: () => 7, onEvent: (event) => events.push(event) });
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return { ...opened, events, [Symbol.asyncDispose]: opened.close };
};

test('several bridges write to one socket; one that breaks off or writes nonsense is no matter to the others', async () => {
  const path = join(folder, 'bridges.sock');
  await using socket = await openSocket(path);
  const bridges = [bridgeTo(path), bridgeTo(path), bridgeTo(path)] as const;
  await Promise.all(bridges.map((bridge) => once(bridge, 'connect')));
  bridges[0].write(line('a', 1));
  bridges[1].end('nonsense\n{"cylinder":"b","t"');
  bridges[2].write(line('c', 1));
  const seen: string[] = [];
  for await (const batch of socket.source) {
    seen.push(...batch.map(({ cylinder, t }) => `${cylinder} ${(t - T0) / 1000}`));
    if (seen.length === 2) {
      bridges[0].destroy();
      bridges[2].end(line('c', 2));
    }
    if (seen.includes('c 2')) break;
  }
  while (socket.events.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(seen.sort(), ['a 1', 'c 1', 'c 2']);
  assert.deepEqual(new Set(socket.events.map(({ kind }) => kind)), new Set(['bad-line']));
});

test('a socket that a killed process left behind is taken over, one in use is refused, and none is left in the end', async () => {
  const path = join(folder, 'left.sock');
  {
    await using _first = await openSocket(path);
    const refused = await openSocketSource({ path, now: () => 0, onEvent: () => {} });
    assert.ok(!refused.ok);
    assert.match(refused.error.message, /left\.sock: another process listens there; stop it/);
  }
  assert.equal(existsSync(path), false);
  writeFileSync(path, '');
  await using _second = await openSocket(path);
});

test('a bridge that writes faster than its samples are taken has to wait', async () => {
  const path = join(folder, 'fast.sock');
  await using _socket = await openSocket(path);
  const bridge = bridgeTo(path);
  bridge.write(line('a', 1).repeat(200_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(bridge.writableLength > 0, 'the bridge could write all of it');
  bridge.destroy();
});

test('a retimed source begins when it is told and keeps its pace', async () => {
  const source = [[sample('a', 1000), sample('b', 1500)], [], [sample('a', 61_000)]];
  const times = (await all(retimedSource(source, 5_000_000))).map(({ t }) => t);
  assert.deepEqual(times, [5_000_000, 5_000_500, 5_060_000]);
});
