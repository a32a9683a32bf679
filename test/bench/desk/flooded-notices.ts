import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import { openDeskServer } from '../../../local/desk/desk-server.ts';
import { startLocal } from '../../../local/main.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { deskSurroundings } from '../../fixture/desk-surroundings.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';

const CYLINDERS = 1000;
const NOTICES = 60;
const TOGETHER = 100;

/** What costs the desk most. */
const PATHS = [
  '/api/fleet',
  '/api/incidents.csv',
  '/api/cylinders/line-1/history',
  '/api/incidents?limit=500',
];

const send = async (client: MqttClient, cylinder: string, word: string): Promise<void> => {
  const { raw } = messageOf(cylinder, word);
  await client.publishAsync(raw.topic, Buffer.from(raw.body), { qos: 1 });
};

/** How long each of some notices takes from the message that is its reason, ms ascending, while so many ask a desk of 1,000 cylinders as fast as they can. */
export const noticeTimes = async (flooders: number): Promise<readonly number[]> => {
  const scratch = mkdtempSync(join(tmpdir(), 'sentinel-flood-'));
  const seen = new Map<string, () => void>();
  const local = await startLocal({
    channels: { origin: { site: 'local', language: 'en' } },
    folder: openDataFolder(join(scratch, 'data')),
    mqttPort: 0,
    policies: SHORT_BOOK,
    clockFrom: () => ({ now: () => START_MS + 30_000, receivedAt: () => START_MS + 30_000 }),
    notifier: {
      notify: ({ output }) => {
        if ('cylinder' in output) seen.get(output.cylinder)?.();
        return Promise.resolve();
      },
    },
    onDoubtful: () => undefined,
    onIncident: () => undefined,
    onFailure: (error) => {
      throw error;
    },
    log: () => undefined,
  });
  const server = await openDeskServer({ host: '127.0.0.1', port: 0, mayMove: true });
  const limit = { perSecond: 200, atOnce: 64 };
  const parts = { ...deskSurroundings(), ...local.desk, isKnownHost: server.isKnownHost, limit };
  server.serve(createDeskApp(parts).fetch);
  const client = await connectAsync(`mqtt://127.0.0.1:${local.port}`, { reconnectPeriod: 0 });
  let isOver = false;
  const flood = async (): Promise<void> => {
    for (let index = 0; !isOver; index += 1) {
      const answer = await fetch(`${server.url}${PATHS[index % PATHS.length]}`);
      await answer.arrayBuffer();
    }
  };
  try {
    for (let from = 0; from < CYLINDERS; from += TOGETHER)
      await Promise.all(
        Array.from({ length: TOGETHER }, (_, index) => send(client, `line-${from + index}`, 'n'.repeat(10))),
      );
    const flooding = Promise.all(Array.from({ length: flooders }, flood));
    const times: number[] = [];
    for (let index = 0; index < NOTICES; index += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      seen.set(`worn-${index}`, resolve);
      const begin = performance.now();
      await send(client, `worn-${index}`, `nnnnn${'A'.repeat(25)}`);
      await promise;
      times.push(performance.now() - begin);
    }
    isOver = true;
    await flooding;
    return times.toSorted((a, b) => a - b);
  } finally {
    isOver = true;
    await client.endAsync();
    await server.close();
    await local.close();
    rmSync(scratch, { recursive: true, force: true });
  }
};
