import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectAsync } from 'mqtt';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import { openDeskServer } from '../../../local/desk/desk-server.ts';
import { startLocal } from '../../../local/main.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { deskSurroundings } from '../../fixture/desk-surroundings.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';

const CYLINDERS = ['press-1', 'press-2', 'press-3', 'press-4'];
const MESSAGES = 40;
const BATCH = 10;

const PATHS = [
  '/api/fleet',
  '/api/cylinders/press-1',
  '/api/cylinders/press-1/history',
  '/api/cylinders/press-1/samples',
  '/api/incidents',
  '/api/incidents.csv',
  '/api/link/AQcAAQedUQGiIv4K4GN5bC0wMw.Ece_Z57zR011cgOz',
  '/api/nothing',
  '/',
];

type Ran = Readonly<{
  stored: number;
  told: readonly string[];
  statuses: ReadonlySet<number>;
  answered: number;
}>;

/** Runs a line through the pipeline, by a clock that its messages move on, while `flooders` ask the desk as fast as they can. */
const run = async (name: string, flooders: number): Promise<Ran> => {
  const folder = openDataFolder(join(scratchFolder(), name));
  const told: string[] = [];
  let now = START_MS;
  const local = await startLocal({
    channels: { origin: { site: 'local', language: 'en' } },
    folder,
    mqttPort: 0,
    policies: SHORT_BOOK,
    clockFrom: () => ({ now: () => now, receivedAt: () => now }),
    notifier: {
      notify: ({ output }) => {
        told.push(`${output.type} ${output.id} at ${output.at}`);
        return Promise.resolve();
      },
    },
    onDoubtful: () => undefined,
    onIncident: () => undefined,
    onFailure: (error) => assert.fail(String(error)),
    log: () => undefined,
  });
  const server = await openDeskServer({ host: '127.0.0.1', port: 0, mayMove: true });
  const app = createDeskApp({
    ...deskSurroundings(),
    ...local.desk,
    isKnownHost: server.isKnownHost,
    limit: { perSecond: 200, atOnce: 64 },
  });
  server.serve(app.fetch);
  const statuses = new Set<number>();
  let answered = 0;
  let isOver = false;
  const flood = async (): Promise<void> => {
    for (let index = 0; !isOver; index += 1) {
      const answer = await fetch(`${server.url}${PATHS[index % PATHS.length]}`);
      await answer.arrayBuffer();
      statuses.add(answer.status);
      answered += 1;
    }
  };
  const flooding = Promise.all(Array.from({ length: flooders }, flood));
  const client = await connectAsync(`mqtt://127.0.0.1:${local.port}`, { reconnectPeriod: 0 });
  for (let index = 0; index < MESSAGES; index += 1) {
    const from = index * BATCH;
    now = START_MS + (from + BATCH) * 1000;
    const letter = index % 20 < 8 ? 'n' : 'A';
    await Promise.all(
      CYLINDERS.map((cylinder) => {
        const { raw } = messageOf(cylinder, letter.repeat(BATCH), { from });
        return client.publishAsync(raw.topic, Buffer.from(raw.body), { qos: 1 });
      }),
    );
    await local.sweep(now);
  }
  await local.settled();
  isOver = true;
  await flooding;
  await client.endAsync();
  await server.close();
  const { stored } = local.counts();
  await local.close();
  return { stored, told: told.toSorted(), statuses, answered };
};

test('a desk that is flooded costs the pipeline no sample, and no notice comes later for it', async () => {
  const calm = await run('calm', 0);
  const flooded = await run('flooded', 24);
  assert.equal(flooded.stored, CYLINDERS.length * MESSAGES * BATCH);
  assert.ok(flooded.told.length > CYLINDERS.length);
  assert.deepEqual(flooded.told, calm.told);
  assert.ok(flooded.answered > 100, `${flooded.answered} requests`);
  assert.deepEqual(
    [...flooded.statuses].filter((status) => ![200, 404, 410, 429, 503].includes(status)),
    [],
  );
});
