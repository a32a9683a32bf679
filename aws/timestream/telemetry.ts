import {
  type RejectedRecord,
  RejectedRecordsException,
  type TimestreamWriteClient,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { EventStore } from '../../usecases/ports/event-store.ts';
import type { StoredSample, Telemetry, TelemetryWrite } from '../../usecases/ports/telemetry.ts';
import { failureCode, TelemetryError } from '../aws-error.ts';
import { inParallel } from '../in-parallel.ts';
import { type EventRow, eventRows } from '../telemetry/event-rows.ts';
import { incidentVersion, isSameProgress, samplesOnce } from '../telemetry/stored-once.ts';
import { columnRecords, eventRecord } from './event-record.ts';
import {
  INCIDENT_ATTRIBUTES,
  incidentRecord,
  markRecords,
  type Recorded,
  recordRefusal,
  SAMPLE_ATTRIBUTES,
  sampleRecord,
  sampleRefusal,
  type WriteRequest,
  writeRequests,
} from './record.ts';

/** What became of the records of a request; `version` is the one that stood in the way of a record. */
type RequestOutcome<T> = Readonly<{
  stored: number;
  superseded: readonly Readonly<{ of: T; version: number }>[];
  rejected: readonly Readonly<{ of: T; detail: string }>[];
}>;

type TimestreamTable = Readonly<{ client: TimestreamWriteClient; database: string; table: string }>;

const sortRejected = <T>(
  { entries }: WriteRequest<T>,
  records: readonly RejectedRecord[],
): RequestOutcome<T> => {
  const superseded: { of: T; version: number }[] = [];
  const rejected: { of: T; detail: string }[] = [];
  const seen = new Set<number>();
  for (const { RecordIndex = -1, Reason, ExistingVersion } of records) {
    const entry = entries[RecordIndex];
    if (entry === undefined)
      throw new TelemetryError('retry', `Timestream rejects record ${RecordIndex}, which there is not`);
    if (seen.has(RecordIndex)) continue;
    seen.add(RecordIndex);
    if (ExistingVersion !== undefined) superseded.push({ of: entry.of, version: ExistingVersion });
    else rejected.push({ of: entry.of, detail: `Timestream: ${Reason ?? 'rejected without a reason'}` });
  }
  return { stored: entries.length - seen.size, superseded, rejected };
};

/**
 * Sends one request. Records that Timestream rejects are named in the outcome and those beside them are stored; all
 * else that fails, after the client's own retries, rejects with the cause.
 * https://docs.aws.amazon.com/timestream/latest/developerguide/troubleshoot-rejectedrecords.html
 */
const writeRecords = async <T>(
  { client, database, table }: TimestreamTable,
  request: WriteRequest<T>,
): Promise<RequestOutcome<T>> => {
  const { common, entries } = request;
  try {
    await client.send(
      new WriteRecordsCommand({
        DatabaseName: database,
        TableName: table,
        CommonAttributes: common,
        Records: entries.map(({ record }) => record),
      }),
    );
    return { stored: entries.length, superseded: [], rejected: [] };
  } catch (cause) {
    if (cause instanceof RejectedRecordsException && (cause.RejectedRecords?.length ?? 0) > 0) {
      return sortRejected(request, cause.RejectedRecords ?? []);
    }
    throw new TelemetryError(
      failureCode(cause),
      `Timestream did not take ${entries.length} records of ${table}`,
      cause,
    );
  }
};

type Settings = Readonly<{
  client: TimestreamWriteClient;
  database: string;
  table: string;
  /** May be `table` itself: incidents have a measure name of their own. */
  incidentsTable: string;
  /** Names all columns of the tables before the first samples are written, so that questions about them are answered. */
  namesColumns?: boolean;
  now?: () => number;
}>;

const REQUESTS_AT_ONCE = 4;

/** So often another record of the same incident may come in between. */
const INCIDENT_ATTEMPTS = 4;

type Rejected = TelemetryWrite['rejected'][number];

type Sorted = Readonly<{ recorded: Recorded<StoredSample> }> | Readonly<{ rejected: Rejected }>;

const sortOut = (sample: StoredSample): Sorted => {
  const unfit = sampleRefusal(sample);
  if (unfit !== null) return { rejected: { sample, detail: unfit } };
  const record = sampleRecord(sample);
  const tooLarge = recordRefusal(record, SAMPLE_ATTRIBUTES);
  return tooLarge === null
    ? { recorded: { of: sample, record } }
    : { rejected: { sample, detail: tooLarge } };
};

/**
 * The telemetry store in Amazon Timestream for LiveAnalytics. A repetition that was received at the same time counts
 * as stored, since the service takes it in silence.
 */
export const createTimestreamTelemetry = (settings: Settings): Telemetry & EventStore => {
  const { client, database, table, incidentsTable, now = Date.now } = settings;
  let areColumnsNamed = settings.namesColumns !== true;

  const nameColumns = async (): Promise<void> => {
    if (areColumnsNamed) return;
    const { samples, incidents } = columnRecords(now());
    const named = [
      [table, samples],
      [incidentsTable, incidents],
    ] as const;
    const outcomes = await Promise.allSettled(
      named.map(([into, record]) =>
        writeRecords(
          { client, database, table: into },
          { common: SAMPLE_ATTRIBUTES, entries: [{ of: 'columns', record }] },
        ),
      ),
    );
    // Nobody's data: what failed is tried with the next samples.
    areColumnsNamed = outcomes.every(
      (outcome) => outcome.status === 'fulfilled' && outcome.value.rejected.length === 0,
    );
  };

  const write = async (samples: readonly StoredSample[]): Promise<TelemetryWrite> => {
    await nameColumns();
    const { once, repeated } = samplesOnce(samples);
    const sorted = once.map(sortOut);
    const requests = writeRequests(
      sorted.flatMap((one) => ('recorded' in one ? one.recorded : [])),
      SAMPLE_ATTRIBUTES,
    );
    const outcomes = await inParallel(REQUESTS_AT_ONCE, requests, (request) =>
      writeRecords({ client, database, table }, request),
    );
    return {
      stored: outcomes.reduce((sum, { stored }) => sum + stored, 0),
      repeated: outcomes.reduce((sum, { superseded }) => sum + superseded.length, repeated),
      rejected: [
        ...sorted.flatMap((one) => ('rejected' in one ? one.rejected : [])),
        ...outcomes.flatMap(({ rejected }) => rejected.map(({ of, detail }) => ({ sample: of, detail }))),
      ],
    };
  };

  const recordIncident = async (incident: IncidentRecord): Promise<void> => {
    let at = now();
    for (let attempt = 0; attempt < INCIDENT_ATTEMPTS; attempt += 1) {
      const recorded = [
        { of: 'state', record: incidentRecord(incident, at) },
        ...markRecords(incident, at).map((record) => ({ of: 'mark', record })),
      ];
      const version = incidentVersion(incident, at);
      const [request] = writeRequests(recorded, INCIDENT_ATTRIBUTES);
      if (request === undefined) return;
      const outcome = await writeRecords({ client, database, table: incidentsTable }, request);
      const [refused] = outcome.rejected;
      if (refused !== undefined) {
        throw new TelemetryError(
          'poison',
          `the incident ${incident.id} was refused (${refused.detail}): one raised before the memory store begins needs magnetic store writes enabled on ${incidentsTable}`,
        );
      }
      const newer = outcome.superseded.find(({ of }) => of === 'state');
      // What stands there has come further: an older record of the incident was written once more.
      if (newer === undefined || !isSameProgress(newer.version, version)) return;
      at += newer.version - version + 1;
    }
    throw new TelemetryError(
      'retry',
      `the incident ${incident.id} was written by others ${INCIDENT_ATTEMPTS} times`,
    );
  };

  const writeEvents = async (into: string, rows: readonly EventRow[]) => {
    const entries = rows.map((row) => ({ of: row, record: eventRecord(row) }));
    const outcomes = await inParallel(
      REQUESTS_AT_ONCE,
      writeRequests(entries, INCIDENT_ATTRIBUTES),
      (request) => writeRecords({ client, database, table: into }, request),
    );
    return outcomes.flatMap(({ rejected }) => rejected);
  };

  const recordEvents: EventStore['recordEvents'] = async (events) => {
    const rows = events.flatMap(eventRows);
    const quarantined = rows.filter((row) => row.table === 'quarantine');
    const others = rows.filter((row) => row.table !== 'quarantine');
    // What is refused of these lies in the quarantine all the same: that it is too old for the table is no reason to give
    // the message again.
    await writeEvents(table, quarantined);
    const [refused] = await writeEvents(incidentsTable, others);
    if (refused !== undefined) {
      throw new TelemetryError(
        'poison',
        `a row of ${refused.of.table} was refused (${refused.detail}): one of before the memory store begins needs magnetic store writes enabled on ${incidentsTable}`,
      );
    }
  };

  return { write, recordIncident, recordEvents };
};
