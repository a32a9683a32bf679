import { EVENT_COLUMNS, INCIDENT_COLUMNS, SAMPLE_COLUMNS } from '../../aws/firehose/documents.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import * as lake from '../aws/firehose/lake-reading.ts';
import { startFirehose } from '../aws/firehose/lake-service.ts';
import * as timestreamReading from '../aws/timestream/reading.ts';
import { startTimestream } from '../aws/timestream/service.ts';

const EVENT_NAMES = ['notices', 'transitions', 'commands', 'quarantine'] as const;

/** Where the functions of a test store telemetry, and what analysts then find there. */
export type TelemetryBackend = Readonly<{
  endpoint: string;
  samples(): readonly StoredSample[];
  incidents(): readonly IncidentRecord[];
  /** What happened, as rows by their columns; one that is stored twice, where the store tells, is one. */
  events(): readonly Readonly<{ table: string; cells: Readonly<Record<string, unknown>> }>[];
  close(): Promise<void>;
}>;

const timestream = async (): Promise<TelemetryBackend> => {
  const service = await startTimestream();
  return {
    ...service,
    samples: () =>
      [...service.table('samples').values()]
        .filter(({ MeasureName }) => MeasureName === 'sample')
        .map(timestreamReading.sampleOf),
    incidents: () => timestreamReading.incidentsIn([...service.table('incidents').values()]),
    events: () =>
      timestreamReading.eventsIn([
        ...service.table('incidents').values(),
        ...service.table('samples').values(),
      ]),
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
    events: () =>
      EVENT_NAMES.flatMap((table) => {
        const rows = service
          .records(table)
          .flatMap((record) => lake.rowsOf(EVENT_COLUMNS[table], record))
          .map((cells) => [JSON.stringify(cells), { table, cells }] as const);
        return [...new Map(rows).values()];
      }),
  };
};

export const BACKENDS = { timestream, lake: firehose } as const;
