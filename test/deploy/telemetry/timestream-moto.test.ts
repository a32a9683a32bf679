import { after, before } from 'node:test';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write';
import { createTimestreamTelemetry } from '../../../aws/timestream/telemetry.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { incidentsIn, sampleOf } from '../../aws/timestream/reading.ts';
import { type TelemetryUnderTest, telemetryContract } from '../../contract/telemetry-contract.ts';
import { type Moto, startMoto } from '../emulator/start-moto.ts';
import { readMotoTable } from './moto-records.ts';

let moto: Moto | null = null;
let opened = 0;

before(async () => {
  moto = await startMoto();
});
after(() => moto?.stop());

const running = (): Moto => {
  if (moto === null) throw new Error('moto has not been started');
  return moto;
};

const underTest = (database: string): TelemetryUnderTest => {
  const { endpoint } = running();
  const client = new TimestreamWriteClient(clientSettings(endpoint, 3));
  return {
    telemetry: createTimestreamTelemetry({
      client,
      database,
      table: 'samples',
      incidentsTable: 'incidents',
    }),
    samples: async () => (await readMotoTable(endpoint, database, 'samples')).map(sampleOf),
    incidents: async () => incidentsIn(await readMotoTable(endpoint, database, 'incidents')),
    restart: () => {
      client.destroy();
      return Promise.resolve(underTest(database));
    },
    close: () => Promise.resolve(client.destroy()),
  };
};

const open = async (): Promise<TelemetryUnderTest> => {
  opened += 1;
  const DatabaseName = `plant-${opened}`;
  const client = new TimestreamWriteClient(clientSettings(running().endpoint));
  await client.send(new CreateDatabaseCommand({ DatabaseName }));
  for (const TableName of ['samples', 'incidents']) {
    await client.send(new CreateTableCommand({ DatabaseName, TableName }));
  }
  client.destroy();
  return underTest(DatabaseName);
};

telemetryContract("Timestream on moto's server", open, { exactCounts: false, runs: 10 });
