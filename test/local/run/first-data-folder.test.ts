import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { connectAsync } from 'mqtt';
import * as v from 'valibot';
import { startLocal } from '../../../local/main.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { readIncidents, readSamples } from '../telemetry/read-telemetry.ts';

const fixture = (name: string) => new URL(`../../fixture/records/${name}`, import.meta.url);
const START_MS = 1_763_800_000_000;
const at = (second: number): number => START_MS + second * 1000;

/** What the run that left the folder had told, and what it would have told in all if it had gone on. */
const { told: toldBefore, all } = v.parse(
  v.object({ told: v.array(v.string()), all: v.array(v.string()) }),
  JSON.parse(readFileSync(fixture('folder-v0.json'), 'utf8')),
);

const message = (pattern: string, from: number): string =>
  JSON.stringify({
    v: 1,
    boot: 'b1',
    model: 'm@1',
    samples: [...pattern].map((letter, index) => ({
      t: at(from + index),
      seq: from + index + 1000,
      probability: letter === 'A' ? 0.9 : 0.1,
      rVibration_Temp: 48,
      wRMSCurrent: 3.4,
    })),
  });

test('a folder that a program without versions left by a kill is taken over: nothing is told twice, nothing lost', async () => {
  const folder = openDataFolder(join(scratchFolder(), 'data'));
  writeFileSync(folder.ledger, gunzipSync(readFileSync(fixture('ledger-v0.sqlite.gz'))));
  writeFileSync(folder.telemetry, gunzipSync(readFileSync(fixture('telemetry-v0.duckdb.gz'))));
  let now = at(75);
  const told: string[] = [];
  const doubtful: string[] = [];
  const failures: unknown[] = [];
  const local = await startLocal({
    channels: { origin: { site: 'local', language: 'en' } },
    folder,
    mqttPort: 0,
    policies: SHORT_BOOK,
    clockFrom: (lastSeenMs) => {
      assert.equal(lastSeenMs, at(73));
      return { now: () => now, receivedAt: () => now };
    },
    notifier: {
      notify: ({ output }) => {
        told.push(`${output.type} ${output.id}`);
        return Promise.resolve();
      },
    },
    onDoubtful: (items) => {
      for (const item of items)
        if (item.kind === 'transition') doubtful.push(JSON.stringify(item.transition));
    },
    onIncident: () => undefined,
    onFailure: (error) => failures.push(error),
    log: () => undefined,
  });
  // The outbox goes out first; what was being told when the run was killed is in doubt, and is said as such.
  assert.deepEqual(told, ['RAISED untold@1763800070000#1']);
  assert.deepEqual(
    doubtful.map((text) => JSON.parse(text).to),
    ['SUSPECT'],
  );

  const client = await connectAsync(`mqtt://127.0.0.1:${local.port}`, { reconnectPeriod: 0 });
  const take = async (gateway: string, cylinder: string, pattern: string, from: number, received: number) => {
    now = at(received);
    const topic = `greengrass/ml/inference/${gateway}/${cylinder}`;
    await client.publishAsync(topic, message(pattern, from), { qos: 1 });
  };
  const sweep = (second: number): Promise<void> => {
    now = at(second);
    return local.sweep(now);
  };
  for (const second of [80, 90, 100, 110]) {
    await take('g', 'told', 'nnnnnnnnnn', second - 7, second + 3);
    await take('g', 'untold', 'nnnnnnnnnn', second - 6, second + 4);
    await sweep(second + 5);
  }
  await take('g', 'quiet', 'nnn', 116, 118);
  await take('h', 'far', 'nnn', 116, 118);
  await sweep(120);
  const cylinders = await local.cylinders();
  await client.endAsync();
  await local.close();

  assert.deepEqual(failures, []);
  assert.deepEqual([...toldBefore, ...told].toSorted(), all.toSorted());
  assert.equal(cylinders.get('acked')?.alarm.incident?.acknowledgedBy, 'ana');
  assert.deepEqual(cylinders.get('overridden')?.overrides, { threshold: 0.95 });
  assert.equal(cylinders.get('partial')?.refused?.type, 'ack');
  assert.equal(cylinders.get('mended')?.alarm.maintenance?.until, at(400));
  assert.equal(cylinders.get('closed')?.alarm.incident?.closing?.mode, 'bearing-wear');

  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  const samples = await readSamples(telemetry);
  const incident = (await readIncidents(telemetry)).find(({ cylinder }) => cylinder === 'told');
  await telemetry.close();
  assert.equal(samples.filter(({ cylinder }) => cylinder === 'told').length, 71 + 40);
  assert.equal(samples.filter(({ cylinder }) => cylinder === 'far').length, 6);
  assert.equal(incident?.id, 'told@1763800005000');
  assert.notEqual(incident?.clearedAt, null);
});
