import type { WireRecord } from '../../aws/timestream/input.ts';
import { incidentsIn, sampleOf } from '../../aws/timestream/reading.ts';
import { readMotoTable } from '../telemetry/moto-records.ts';
import type { DeployedStack } from './deployed-stack.ts';
import type { StoreReader } from './store-reader.ts';

const samplesIn = (records: readonly WireRecord[]) =>
  records.filter(({ MeasureName }) => MeasureName === 'sample').map(sampleOf);

/** What a stack stored in Timestream: read back from where it lies, counted where it went through. */
export const motoStore = ({ timestream, timestreamEndpoint, output }: DeployedStack): StoreReader => {
  const database = output('TelemetryDatabaseName');
  const table = output('TelemetryTableName');
  const rows = (name: string) => readMotoTable(timestreamEndpoint, database, name);
  return {
    samples: async (cylinder) =>
      samplesIn(await rows(table)).filter((sample) => sample.cylinder === cylinder),
    incidents: async (cylinder) =>
      incidentsIn(await rows(output('IncidentsTableName'))).filter((one) => one.cylinder === cylinder),
    count: (isOurs) =>
      Promise.resolve(samplesIn(timestream.records(table)).filter(({ cylinder }) => isOurs(cylinder)).length),
  };
};
