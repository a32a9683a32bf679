import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { createTimestreamTelemetry } from '../../../aws/timestream/telemetry.ts';
import { type TelemetryUnderTest, telemetryContract } from '../../contract/telemetry-contract.ts';
import { clientSettings } from '../start-server.ts';
import { incidentsIn, sampleOf } from './reading.ts';
import { startTimestream, type TimestreamService } from './service.ts';

const underTest =
  (incidentsTable: string) =>
  (service: TimestreamService): TelemetryUnderTest => {
    const client = new TimestreamWriteClient(clientSettings(service.endpoint));
    const rows = (table: string, measureName: string) =>
      [...service.table(table).values()].filter(({ MeasureName }) => MeasureName === measureName);
    return {
      telemetry: createTimestreamTelemetry({ client, database: 'plant', table: 'samples', incidentsTable }),
      samples: () => Promise.resolve(rows('samples', 'sample').map(sampleOf)),
      incidents: () => Promise.resolve(incidentsIn([...service.table(incidentsTable).values()])),
      restart: () => {
        client.destroy();
        return Promise.resolve(underTest(incidentsTable)(service));
      },
      close: async () => {
        client.destroy();
        await service.close();
      },
    };
  };

const open = (incidentsTable: string) => async () => underTest(incidentsTable)(await startTimestream());

telemetryContract('Timestream', open('incidents'), { exactCounts: false, runs: 30 });
telemetryContract('Timestream with one table for all', open('samples'), { exactCounts: false, runs: 5 });
