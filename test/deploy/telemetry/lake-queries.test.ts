import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AthenaClient } from '@aws-sdk/client-athena';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { savedQueries, statementOf } from '../../../analysis/saved-queries.ts';
import { askAthena } from '../../../aws/athena/ask-athena.ts';
import { createLakeTelemetry } from '../../../aws/firehose/telemetry.ts';
import { EVENT_VIEWS } from '../../analysis/known-events.ts';
import { inOneForm, knownHour } from '../../analysis/known-hour.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { type Ministack, startMinistack } from '../emulator/start-ministack.ts';
import { createLake, eventStreamsOf } from './lake-stack.ts';

const HOUR_MS = 3_600_000;
/** The lake lies by the day of arrival, which is today. */
const hour = knownHour(scratchFolder(), Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 3 * HOUR_MS);

let ministack: Ministack | null = null;
let ask: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]> = () => Promise.resolve([]);

before(async () => {
  await hour.makeLocally();
  ministack = await startMinistack();
  const settings = clientSettings(ministack.endpoint, 3);
  await createLake(settings, 'lake');
  const client = new AthenaClient(settings);
  ask = (sql) => Array.fromAsync(askAthena({ client, database: 'lake', workgroup: 'lake' }, sql));
  const telemetry = createLakeTelemetry({
    client: new FirehoseClient(settings),
    samplesStream: 'lake-samples',
    incidentsStream: 'lake-incidents',
    eventStreams: eventStreamsOf('lake'),
  });
  await telemetry.write(hour.samples);
  await telemetry.write(hour.twice);
  for (const record of hour.records) await telemetry.recordIncident(record);
  // What Lambda hands on twice lies there twice.
  for (const _ of [1, 2]) await telemetry.recordEvents(hour.events);
});
after(() => ministack?.stop());

for (const query of [...savedQueries(), ...EVENT_VIEWS])
  test(`${query.name} answers from Parquet that Firehose wrote what it answers locally`, async () => {
    const rows = await ask(statementOf(query, 'athena', hour.asked));
    assert.ok(rows.length > 0);
    assert.deepEqual(inOneForm(rows), inOneForm(await hour.askLocally(query)));
  });
