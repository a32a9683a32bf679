import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { AthenaClient } from '@aws-sdk/client-athena';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { createLakeTelemetry } from '../../../aws/firehose/telemetry.ts';
import type { LakeRow } from '../../aws/firehose/lake-reading.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { sample } from '../../fixture/stored-sample.ts';
import { type Ministack, startMinistack } from '../emulator/start-ministack.ts';
import { askAthena } from './ask-athena.ts';
import { createLake } from './lake-stack.ts';

const HOUR = 3_600_000;
const T = 1_763_802_000_000;

const folder = new URL('../../../infra/queries/', import.meta.url);

const incident = incidentRecord({ id: `cyl-07@${T}`, beganAt: T, raisedAt: T });

let ministack: Ministack | null = null;
let ask: (name: string) => Promise<readonly LakeRow[]> = () => Promise.resolve([]);

before(async () => {
  ministack = await startMinistack();
  const settings = clientSettings(ministack.endpoint, 3);
  await createLake(settings, 'lake');
  const client = new AthenaClient(settings);
  ask = (name) =>
    askAthena(
      { client, database: 'lake', workgroup: 'lake' },
      readFileSync(new URL(`${name}.sql`, folder), 'utf8'),
    );
  const telemetry = createLakeTelemetry({
    client: new FirehoseClient(settings),
    samplesStream: 'lake-samples',
    incidentsStream: 'lake-incidents',
  });
  const samples = [0, 1, 2, 3].map((seq) =>
    sample({ seq, t: T - 2000 + seq * 1000, probability: seq === 1 ? 0.9 : 0.1 }),
  );
  await telemetry.write(samples);
  await telemetry.write(samples.map((one) => ({ ...one, receivedAt: one.receivedAt + HOUR })));
  await telemetry.recordIncident(incident);
  await telemetry.recordIncident({
    ...incident,
    lastAbnormalAt: T + 90_000,
    clearedAt: T + 600_000,
    endedBy: 'clearing',
    closedBy: 'Kim',
    outcome: 'fault',
    mode: 'bearing',
  });
});
after(() => ministack?.stop());

const answers: Readonly<Record<string, readonly LakeRow[]>> = {
  'abnormal-by-hour': [
    { cylinder: 'cyl-07', hour: '2025-11-22 08:00:00', seconds: 2, abnormal: 0.5 },
    { cylinder: 'cyl-07', hour: '2025-11-22 09:00:00', seconds: 2, abnormal: 0 },
  ],
  'before-incidents': [2, 1, 0].map((seconds) => ({
    id: incident.id,
    severity: 'warning',
    seconds_before: seconds,
    rvibration_temp: 48.2,
    rvibration_z_rms_velocity: 2.31,
    rvibration_x_rms_velocity: 1.92,
    wrmscurrent: 3.4,
    wcurrentload: 41,
    wencodervelocity: 1180,
    probability: seconds === 1 ? 0.9 : 0.1,
  })),
  outcomes: [{ outcome: 'fault', mode: 'bearing', incidents: 1, minutes: 1.5 }],
};

for (const [name, expected] of Object.entries(answers)) {
  test(`the saved query ${name} answers, with every repetition and older version left out`, async () => {
    assert.deepEqual(await ask(name), expected);
  });
}

test('samples-once keeps what was received first, incidents-last what was recorded last', async () => {
  const samples = await ask('samples-once');
  assert.deepEqual(
    samples.map(({ received_at }) => received_at),
    samples.map(() => sample().receivedAt),
  );
  assert.equal(samples.length, 4);
  assert.deepEqual(
    (await ask('incidents-last')).map(({ outcome }) => outcome),
    ['fault'],
  );
});

test('every text for Athena that stands by itself has been asked', () => {
  const saved = readdirSync(folder).filter(
    (name) => name.endsWith('.sql') && !name.startsWith('timestream-'),
  );
  const asked = [...Object.keys(answers), 'samples-once', 'incidents-last'].map((name) => `${name}.sql`);
  assert.deepEqual(saved.sort(), asked.sort());
});
