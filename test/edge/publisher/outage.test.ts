import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { readMessage } from '../../../domain/message/read-message.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { type CutProxy, type NetworkMode, startCutProxy } from './cut-proxy.ts';
import { noMosquitto, startMosquitto } from './mosquitto.ts';
import { startBroker } from './test-broker.ts';

const HOUR_S = 3600;
/** 25 for a quick answer; SENTINEL_CYLINDERS=100 for what is promised. */
const CYLINDERS = Number(process.env.SENTINEL_CYLINDERS ?? 25);
const folder = scratchFolder();

type Life = Readonly<{ boot: string; fromS: number; accepted: number }>;

/** Starts a gateway at a second of event time; it is killed once it has accepted so many samples, or ends when all has arrived. */
const live = async (
  url: string,
  queue: string,
  boot: string,
  fromS: number,
  killAt: number,
): Promise<Life> => {
  const script = join(import.meta.dirname, 'queue-until-killed.ts');
  const args = [script, url, queue, boot, String(fromS), String(HOUR_S), String(CYLINDERS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let accepted = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    accepted = Number(line);
    if (accepted >= killAt) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'close');
  assert.deepEqual([code, signal], killAt === Number.POSITIVE_INFINITY ? [0, null] : [null, 'SIGKILL']);
  return { boot, fromS, accepted };
};

/** The numbers of samples that arrived, by cylinder and start, as a subscriber of the broker sees them. */
const listen = async (port: number) => {
  const seen = new Map<string, Set<number>>();
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'listener' });
  client.on('message', (topic, body) => {
    const reading = readMessage({ topic, body, receivedAt: 0, client: null });
    assert.deepEqual(reading.rejections, []);
    assert.ok(reading.samples.length <= 10 && body.length < 4500);
    for (const { cylinder, boot, seq } of reading.samples) {
      const key = `${cylinder} ${boot}`;
      const numbers = seen.get(key) ?? new Set();
      seen.set(key, numbers.add(seq ?? -1));
    }
  });
  await client.subscribeAsync('greengrass/ml/inference/#', { qos: 1 });
  return { seen, [Symbol.asyncDispose]: () => client.endAsync() };
};

/** What the queue accepted, in the order in which the gateway gave it, and has not been seen. */
const missing = (lives: readonly Life[], seen: ReadonlyMap<string, ReadonlySet<number>>): string[] =>
  lives.flatMap(({ boot, accepted }) =>
    Array.from({ length: accepted }, (_, index) => [index % CYLINDERS, Math.floor(index / CYLINDERS)])
      .filter(([cylinder, seq = -1]) => seen.get(`cyl-${cylinder} ${boot}`)?.has(seq) !== true)
      .map(([cylinder, seq]) => `cyl-${cylinder} ${boot} ${seq}`),
  );

const outage = async (url: string, proxy: CutProxy, queue: string): Promise<readonly Life[]> => {
  const lives: Life[] = [];
  const modes: readonly NetworkMode[] = ['drop', 'stall', 'reset'];
  for (const [index, mode] of modes.entries()) {
    proxy.set(mode);
    const fromS = lives.reduce((sum, { accepted }) => sum + Math.ceil(accepted / CYLINDERS), 0);
    lives.push(await live(url, queue, `boot-${index}`, fromS, 900 * CYLINDERS));
  }
  proxy.set('drop');
  const fromS = lives.reduce((sum, { accepted }) => sum + Math.ceil(accepted / CYLINDERS), 0);
  const last = live(url, queue, 'boot-last', fromS, Number.POSITIVE_INFINITY);
  // The network comes back, is lost in the middle of the drain, and comes back for good.
  for (const mode of ['pass', 'stall', 'pass', 'reset', 'pass', 'drop', 'pass'] as const) {
    await sleep(300);
    proxy.set(mode);
  }
  return [...lives, await last];
};

const BROKERS = [
  ['aedes', false, () => startBroker()],
  ['mosquitto', noMosquitto, () => startMosquitto(folder)],
] as const;

for (const [name, skip, start] of BROKERS) {
  test(`${name} away for an hour of ${CYLINDERS} cylinders, the gateway killed three times: all that was accepted arrives`, {
    skip,
  }, async () => {
    await using broker = await start();
    await using proxy = await startCutProxy(broker.port);
    await using listener = await listen(broker.port);
    const lives = await outage(proxy.url, proxy, join(folder, `${name}.sqlite`));
    const accepted = lives.reduce((sum, life) => sum + life.accepted, 0);
    assert.ok(accepted > 0.95 * HOUR_S * CYLINDERS, `${accepted}`);
    // The broker has acknowledged everything; its subscriber may be behind.
    let left = missing(lives, listener.seen);
    for (
      let since = Date.now(), before = left.length;
      left.length > 0;
      left = missing(lives, listener.seen)
    ) {
      if (left.length < before) since = Date.now();
      if (Date.now() - since > 30_000) break;
      before = left.length;
      await sleep(100);
    }
    assert.deepEqual(left.slice(0, 10), []);
  });
}
