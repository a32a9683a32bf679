import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { AthenaClient } from '@aws-sdk/client-athena';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { createLakeTelemetry } from '../../../aws/firehose/telemetry.ts';
import { incidentOf, sampleOf } from '../../aws/firehose/lake-reading.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { type TelemetryUnderTest, telemetryContract } from '../../contract/telemetry-contract.ts';
import { type Ministack, startMinistack } from '../emulator/start-ministack.ts';
import { askAthena } from './ask-athena.ts';
import { createLake, eventStreamsOf } from './lake-stack.ts';

const query = (name: string): string =>
  readFileSync(new URL(`../../fixture/lake/${name}.sql`, import.meta.url), 'utf8');

let ministack: Ministack | null = null;
let opened = 0;

before(async () => {
  ministack = await startMinistack();
});
after(() => ministack?.stop());

const settings = () => {
  if (ministack === null) throw new Error('ministack has not been started');
  return clientSettings(ministack.endpoint, 3);
};

const underTest = (name: string): TelemetryUnderTest => {
  const firehose = new FirehoseClient(settings());
  const athena = new AthenaClient(settings());
  const ask = (sql: string) => askAthena({ client: athena, database: name, workgroup: name }, sql);
  const letGo = () => {
    firehose.destroy();
    athena.destroy();
  };
  return {
    telemetry: createLakeTelemetry({
      client: firehose,
      samplesStream: `${name}-samples`,
      incidentsStream: `${name}-incidents`,
      eventStreams: eventStreamsOf(name),
    }),
    samples: async () => (await ask(query('samples-once'))).map(sampleOf),
    incidents: async () => (await ask(query('incidents-last'))).map(incidentOf),
    restart: () => {
      letGo();
      return Promise.resolve(underTest(name));
    },
    close: () => Promise.resolve(letGo()),
  };
};

const open = async (): Promise<TelemetryUnderTest> => {
  opened += 1;
  const name = `lake-${opened}`;
  await createLake(settings(), name);
  return underTest(name);
};

telemetryContract('The lake on ministack', open, { exactCounts: false, runs: 3 });
