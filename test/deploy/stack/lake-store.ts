import { readFileSync } from 'node:fs';
import { AthenaClient } from '@aws-sdk/client-athena';
import { incidentOf, sampleOf } from '../../aws/firehose/lake-reading.ts';
import { askAthena } from '../telemetry/ask-athena.ts';
import type { Stack } from './deploy-stage.ts';
import type { StoreReader } from './store-reader.ts';

/** A text of test/fixture/lake, of which only rows that meet a condition are wanted. */
const saved = (name: string, condition: string): string => {
  const sql = readFileSync(new URL(`../../fixture/lake/${name}.sql`, import.meta.url), 'utf8');
  return `${sql.trimEnd()} WHERE ${condition}`;
};

/** What a stack stored in its lake, as its workgroup answers the texts of test/fixture/lake. */
export const lakeStore = ({ client, output }: Pick<Stack, 'client' | 'output'>): StoreReader => {
  const question = {
    client: new AthenaClient(client),
    database: output('TelemetryDatabaseName'),
    workgroup: output('AthenaWorkgroupName'),
  };
  const ask = (name: string, condition = 'true') => askAthena(question, saved(name, condition));
  return {
    samples: async (cylinder) => (await ask('samples-once', `cylinder = '${cylinder}'`)).map(sampleOf),
    incidents: async (cylinder) => (await ask('incidents-last', `cylinder = '${cylinder}'`)).map(incidentOf),
    count: async (isOurs) =>
      (await ask('samples-once')).map(sampleOf).filter(({ cylinder }) => isOurs(cylinder)).length,
  };
};
