import { afterEach } from 'node:test';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { createTimestreamTelemetry } from '../../../aws/timestream/telemetry.ts';
import { inOrder, sample } from '../../fixture/stored-sample.ts';
import { clientSettings } from '../start-server.ts';
import { incidentsIn, sampleOf } from './reading.ts';
import { startTimestream } from './service.ts';

export const T = 1_763_800_000_000;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

type Options = Readonly<{ maxAttempts?: number; now?: () => number; namesColumns?: boolean }>;

/** The adapter before an empty service, which is closed after the test. */
export const openTimestream = async ({
  maxAttempts = 1,
  now = () => T,
  namesColumns = false,
}: Options = {}) => {
  const service = await startTimestream();
  const client = new TimestreamWriteClient(clientSettings(service.endpoint, maxAttempts));
  ends.push(() => {
    client.destroy();
    return service.close();
  });
  const telemetry = createTimestreamTelemetry({
    client,
    database: 'plant',
    table: 'samples',
    incidentsTable: 'incidents',
    namesColumns,
    now,
  });
  const stored = () => inOrder([...service.table('samples').values()].map(sampleOf));
  const incidents = () => incidentsIn([...service.table('incidents').values()]);
  return { service, telemetry, stored, incidents };
};

/** So many samples of one cylinder, one a second. */
export const seconds = (count: number) =>
  Array.from({ length: count }, (_, seq) => sample({ seq, t: T + seq * 1000 }));
