import { INCIDENT_COLUMNS, SAMPLE_COLUMNS } from '../../aws/firehose/documents.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import * as lake from '../aws/firehose/lake-reading.ts';
import { startFirehose } from '../aws/firehose/lake-service.ts';
import * as timestreamReading from '../aws/timestream/reading.ts';
import { startTimestream } from '../aws/timestream/service.ts';

/** Where the functions of a test store telemetry, and what analysts then find there. */
export type TelemetryBackend = Readonly<{
  endpoint: string;
  samples(): readonly StoredSample[];
  incidents(): readonly IncidentRecord[];
  close(): Promise<void>;
}>;

const timestream = async (): Promise<TelemetryBackend> => {
  const service = await startTimestream();
  return {
    ...service,
    samples: () => [...service.table('samples').values()].map(timestreamReading.sampleOf),
    incidents: () => timestreamReading.incidentsIn([...service.table('incidents').values()]),
  };
};

const firehose = async (): Promise<TelemetryBackend> => {
  const service = await startFirehose();
  return {
    ...service,
    samples: () =>
      lake.samplesOnce(service.records('samples').flatMap((record) => lake.rowsOf(SAMPLE_COLUMNS, record))),
    incidents: () =>
      lake.incidentsLast(
        service.records('incidents').flatMap((record) => lake.rowsOf(INCIDENT_COLUMNS, record)),
      ),
  };
};

export const BACKENDS = { timestream, lake: firehose } as const;
