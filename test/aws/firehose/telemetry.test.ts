import { FirehoseClient } from '@aws-sdk/client-firehose';
import { INCIDENT_COLUMNS, SAMPLE_COLUMNS } from '../../../aws/firehose/documents.ts';
import { createLakeTelemetry } from '../../../aws/firehose/telemetry.ts';
import { type TelemetryUnderTest, telemetryContract } from '../../contract/telemetry-contract.ts';
import { clientSettings } from '../start-server.ts';
import { EVENT_STREAMS, incidentsLast, rowsOf, samplesOnce } from './lake-reading.ts';
import { type LakeService, startFirehose } from './lake-service.ts';

const underTest = (service: LakeService): TelemetryUnderTest => {
  const client = new FirehoseClient(clientSettings(service.endpoint));
  return {
    telemetry: createLakeTelemetry({
      client,
      samplesStream: 'samples',
      incidentsStream: 'incidents',
      eventStreams: EVENT_STREAMS,
    }),
    samples: () =>
      Promise.resolve(
        samplesOnce(service.records('samples').flatMap((record) => rowsOf(SAMPLE_COLUMNS, record))),
      ),
    incidents: () =>
      Promise.resolve(
        incidentsLast(service.records('incidents').flatMap((record) => rowsOf(INCIDENT_COLUMNS, record))),
      ),
    restart: () => {
      client.destroy();
      return Promise.resolve(underTest(service));
    },
    close: async () => {
      client.destroy();
      await service.close();
    },
  };
};

telemetryContract('The lake', async () => underTest(await startFirehose()), { exactCounts: false, runs: 30 });
