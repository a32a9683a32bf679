import { setTimeout as sleep } from 'node:timers/promises';
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { Telemetry, TelemetryWrite } from '../../usecases/ports/telemetry.ts';
import { TelemetryError } from '../aws-error.ts';
import { incidentVersion } from '../telemetry/incident-version.ts';
import { samplesOnce } from '../telemetry/samples-once.ts';
import { INCIDENT_COLUMNS, type LakeColumn, SAMPLE_COLUMNS } from './columns.ts';
import { type LakeDocument, lakeBatches, lakeDocument } from './documents.ts';
import { putRecords } from './put.ts';

type Settings = Readonly<{
  client: FirehoseClient;
  samplesStream: string;
  incidentsStream: string;
  now?: () => number;
  pause?: (ms: number) => Promise<unknown>;
}>;

const documentsOf = <T>(columns: readonly LakeColumn<T>[], rows: readonly T[]) => {
  const documents: LakeDocument[] = [];
  const refused: { row: T; detail: string }[] = [];
  for (const row of rows) {
    const document = lakeDocument(columns, row);
    if ('refusal' in document) refused.push({ row, detail: document.refusal });
    else documents.push(document);
  }
  return { documents, refused };
};

/**
 * The telemetry store as Parquet on S3, by way of Firehose. Stored means taken by Firehose, which keeps it in several
 * places until it lies on S3 minutes later. Repetitions in one call are left out; others are stored again, and
 * removed where the samples are read.
 */
export const createLakeTelemetry = (settings: Settings): Telemetry => {
  const { client, samplesStream, incidentsStream, now = Date.now, pause = (ms) => sleep(ms) } = settings;

  let lastAt = 0;
  // Two records of one incident in the same millisecond are in order too.
  const nextAt = (): number => {
    lastAt = Math.max(lastAt + 1, now());
    return lastAt;
  };

  const put = async (stream: string, documents: readonly LakeDocument[]): Promise<void> => {
    for (const records of lakeBatches(documents)) await putRecords({ client, stream, pause }, records);
  };

  return {
    write: async (samples): Promise<TelemetryWrite> => {
      const { once, repeated } = samplesOnce(samples);
      const { documents, refused } = documentsOf(SAMPLE_COLUMNS, once);
      await put(samplesStream, documents);
      return {
        stored: documents.length,
        repeated,
        rejected: refused.map(({ row, detail }) => ({ sample: row, detail })),
      };
    },

    recordIncident: async (incident) => {
      const versioned = { ...incident, version: incidentVersion(incident, nextAt()) };
      const { documents, refused } = documentsOf(INCIDENT_COLUMNS, [versioned]);
      const [first] = refused;
      if (first !== undefined) {
        throw new TelemetryError('poison', `the incident ${incident.id} was refused: ${first.detail}`);
      }
      await put(incidentsStream, documents);
    },
  };
};
