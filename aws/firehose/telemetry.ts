import { setTimeout as sleep } from 'node:timers/promises';
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { EventStore } from '../../usecases/ports/event-store.ts';
import type { Telemetry, TelemetryWrite } from '../../usecases/ports/telemetry.ts';
import { failureCode, TelemetryError } from '../aws-error.ts';
import { type EventTable, eventRows } from '../telemetry/event-rows.ts';
import { incidentVersion, samplesOnce } from '../telemetry/stored-once.ts';
import {
  EVENT_COLUMNS,
  INCIDENT_COLUMNS,
  type LakeColumn,
  type LakeDocument,
  lakeBatches,
  lakeDocument,
  SAMPLE_COLUMNS,
} from './documents.ts';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

type LakeStream = Readonly<{
  client: FirehoseClient;
  stream: string;
  /** Waits so many ms before what Firehose did not take is sent again. */
  pause: (ms: number) => Promise<unknown>;
}>;

/** Sends the records once; gives those that were not taken, with the reason that was given last. */
const putOnce = async ({ client, stream }: LakeStream, records: readonly Uint8Array[]) => {
  try {
    const { FailedPutCount = 0, RequestResponses = [] } = await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: stream,
        Records: records.map((Data) => ({ Data })),
      }),
    );
    if (FailedPutCount === 0) return { left: [], reason: '' };
    // A record of which nothing is said counts as not taken: a repetition costs less than a loss.
    const left = records.filter((_, index) => RequestResponses[index]?.RecordId === undefined);
    const failure = RequestResponses.findLast(({ ErrorCode }) => ErrorCode !== undefined);
    return { left, reason: `${failure?.ErrorCode}: ${failure?.ErrorMessage}` };
  } catch (cause) {
    throw new TelemetryError(
      failureCode(cause),
      `Firehose did not take ${records.length} records of ${stream}`,
      cause,
    );
  }
};

/**
 * Hands records to a delivery stream. Those of a call that were not taken are sent again, they alone and after longer
 * and longer pauses; rejects if some are left at last, or when the service fails.
 */
const putRecords = async (to: LakeStream, records: readonly Uint8Array[]): Promise<void> => {
  let { left, reason } = await putOnce(to, records);
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) {
      throw new TelemetryError(
        'throttled',
        `Firehose did not take ${left.length} of ${records.length} records of ${to.stream} in ${ATTEMPTS} attempts (${reason})`,
      );
    }
    await to.pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    ({ left, reason } = await putOnce(to, left));
  }
};

type Settings = Readonly<{
  client: FirehoseClient;
  samplesStream: string;
  incidentsStream: string;
  /** The delivery stream of each table of what happened. */
  eventStreams: Readonly<Record<EventTable, string>>;
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
export const createLakeTelemetry = (settings: Settings): Telemetry & EventStore => {
  const { client, samplesStream, incidentsStream, eventStreams } = settings;
  const { now = Date.now, pause = (ms) => sleep(ms) } = settings;

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

    recordEvents: async (events) => {
      for (const [table, rows] of Map.groupBy(events.flatMap(eventRows), (row) => row.table)) {
        const cells = rows.map((row) => row.cells);
        const { documents, refused } = documentsOf(EVENT_COLUMNS[table], cells);
        await put(eventStreams[table], documents);
        const [first] = refused;
        if (first !== undefined)
          throw new TelemetryError('poison', `a row of ${table} was refused: ${first.detail}`);
      }
    },
  };
};
