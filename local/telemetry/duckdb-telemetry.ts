import {
  DOUBLE,
  type DuckDBConnection,
  type DuckDBListValue,
  type DuckDBTimestampValue,
  type DuckDBValue,
  type JS,
  LIST,
  listValue,
} from '@duckdb/node-api';
import { type IncidentRecord, lastOfEach } from '../../domain/incident/incident-record.ts';
import type { StoredSample, Telemetry, TelemetryWrite } from '../../usecases/ports/telemetry.ts';
import { createGroupCommit } from '../pipeline/group-commit.ts';
import { foldLogIn, inTransaction, openDuckDbSession } from './duckdb-session.ts';
import { lastNote, lateNotes } from './late-notes.ts';
import type { OpenDuckDb } from './open-duckdb.ts';
import { type Series, seenSeries } from './seen-series.ts';
import { readSeries, saveSeries, unsavedSeries } from './series-table.ts';
import { alreadyStored, placeSamples, type Run, sortSamples } from './sort-samples.ts';
import { hoursUntil, rolledUntil, timestamp } from './telemetry-schema.ts';

type Cell = string | number | null | DuckDBTimestampValue | DuckDBListValue;

const timestampOrNull = (ms: number | null): DuckDBTimestampValue | null =>
  ms === null ? null : timestamp(ms);

const row = (incident: IncidentRecord): Readonly<Record<string, Cell>> => ({
  id: incident.id,
  cylinder: incident.cylinder,
  gateway: incident.gateway,
  began_at: timestamp(incident.beganAt),
  raised_at: timestamp(incident.raisedAt),
  last_abnormal_at: timestampOrNull(incident.lastAbnormalAt),
  cleared_at: timestampOrNull(incident.clearedAt),
  ended_by: incident.endedBy,
  severity: incident.severity,
  reopenings: incident.reopenings,
  acknowledged_by: incident.acknowledgedBy,
  closed_by: incident.closedBy,
  outcome: incident.outcome,
  mode: incident.mode,
  comment: incident.comment,
  told_at: timestampOrNull(incident.toldAt),
  acknowledged_at: timestampOrNull(incident.acknowledgedAt),
  closed_at: timestampOrNull(incident.closedAt),
  advice: incident.advice,
  why: incident.why === null ? null : listValue([...incident.why]),
  model: incident.model,
  policy: incident.policy,
});

/** What a later record of an incident does not repeat. */
const NOTED_ONCE = new Set(['told_at', 'acknowledged_at', 'closed_at', 'advice', 'model', 'policy']);
/** Changes no row where it was there from the raise on, as it mostly is. */
const NOTE_WHY = 'UPDATE incidents SET why = $why WHERE id = $id AND why IS NULL';

/** DuckDB would take the type of a list from its first item, which is a whole number where a sensor contributes nothing. */
const TYPES = { why: LIST(DOUBLE) };

/**
 * The statement, with its values, that puts an incident in place of what was stored of it before. It leaves a list that is
 * there alone: DuckDB deletes and inserts a row of which a list is changed, and where the commit then fails, as on a full disk,
 * it ends the process over the key that it takes back.
 */
const incidentStatement = (
  incident: IncidentRecord,
): Readonly<{ sql: string; values: Record<string, Cell> }> => {
  const cells = Object.entries(row(incident));
  const columns = cells.map(([column]) => column).join(', ');
  const changes = cells
    .filter(([column]) => column !== 'id' && column !== 'why')
    .map(([column]) =>
      NOTED_ONCE.has(column)
        ? `${column} = coalesce(incidents.${column}, excluded.${column})`
        : `${column} = excluded.${column}`,
    )
    .join(', ');
  const places = cells.map(([column]) => `$${column}`).join(', ');
  return {
    sql: `INSERT INTO incidents (${columns}) VALUES (${places}) ON CONFLICT (id) DO UPDATE SET ${changes}`,
    values: Object.fromEntries(cells),
  };
};

/** A row by column names: BIGINT as bigint, TIMESTAMP as Date. */
export type TelemetryRow = Readonly<Record<string, JS>>;

export type DuckDbTelemetry = Telemetry &
  Readonly<{
    /** Asks in SQL, beside the writing and never waiting for it. Parameters stand as $1, $2 … in the text. */
    query(sql: string, parameters?: readonly DuckDBValue[]): Promise<readonly TelemetryRow[]>;
    /** Does what keeps the store in order, on a connection of its own beside the writing; it must not wait for a write. */
    keep<T>(work: (keeper: DuckDBConnection) => Promise<T>): Promise<T>;
    /** Does work on a connection of its own, which waits for nothing and which nothing waits for. */
    beside<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
    /** From then on samples of an earlier time are refused; resolves when no write under way can bring one any more. */
    refuseBefore(ms: number): Promise<void>;
    /**
     * From then on the hours of samples of an earlier time are noted as late beside them; resolves, when no write under way
     * can bring one unnoted, with the number that such notes bear until the next call.
     */
    noteLateBefore(ms: number): Promise<number>;
    /** Folds the log into the file where nothing else is under way: space that was freed can be used again. */
    checkpoint(): Promise<void>;
    /** Ends a question that is under way, waits for writes, folds the log into the file and lets go of it. */
    close(): Promise<void>;
  }>;

/** What is known of the series is saved after so many samples: as many are read at the start after a kill. */
const SAVE_EVERY = 500_000;

/** Opens the telemetry store of one machine in the file at `path`. Throws one line that says what to do. */
export const openDuckDbTelemetry = async ({
  path,
  maxSeries,
}: Readonly<{ path: string; maxSeries?: number }>): Promise<DuckDbTelemetry> => {
  const session = await openDuckDbSession(path);
  const seen = seenSeries(maxSeries);
  let isKnown = false;
  let added = 0;
  let keptSinceMs = await session.keep(rolledUntil);
  const late = await session.keep(async (keeper) =>
    lateNotes(await hoursUntil(keeper), await lastNote(keeper)),
  );

  const save = async ({ writer }: OpenDuckDb): Promise<void> => {
    await inTransaction(writer, () => saveSeries(writer, seen.unsaved()));
    seen.saved();
    added = 0;
  };

  /** What the table holds is learnt at the start, and again after a write that failed: only the table knows then. */
  const know = async (store: OpenDuckDb): Promise<void> => {
    if (isKnown) return;
    seen.forgetAll();
    const unsaved = await unsavedSeries(store.writer);
    seen.keep(unsaved);
    if (unsaved.size > 0) await save(store);
    isKnown = true;
  };

  const storeNew = async (
    { writer, append }: OpenDuckDb,
    runs: readonly Run[],
    series: readonly Series[],
  ): Promise<Readonly<{ stored: number; repeated: number }>> => {
    const copies = await seen.copies(series, (missing) => readSeries(writer, missing));
    const { fresh, doubtful, repeated } = sortSamples(runs, copies);
    const there = await alreadyStored(writer, doubtful);
    const lacking = fresh.concat(doubtful.filter((sample) => !there.has(sample)));
    if (lacking.length > 0)
      await inTransaction(writer, async () => {
        await append(lacking);
        await late.note(writer, lacking);
      });
    seen.keep(copies);
    added += lacking.length;
    return { stored: lacking.length, repeated: repeated + there.size };
  };

  const write = (samples: readonly StoredSample[]): Promise<TelemetryWrite> =>
    session.write(async (store) => {
      const { runs, series, rejected } = placeSamples(samples, keptSinceMs);
      try {
        await know(store);
        const outcome = { ...(await storeNew(store, runs, series)), rejected };
        if (added >= SAVE_EVERY || seen.isFull()) await save(store);
        return outcome;
      } catch (error) {
        // A commit may be durable and fail all the same, at the checkpoint after it.
        isKnown = false;
        late.forget();
        throw error;
      }
    });

  const incidents = createGroupCommit<IncidentRecord>(
    (records) =>
      session.write(({ writer }) =>
        inTransaction(writer, async () => {
          for (const incident of lastOfEach(records)) {
            const { sql, values } = incidentStatement(incident);
            const { id, why } = incident;
            await writer.run(sql, values, why === null ? {} : TYPES);
            if (why !== null) await writer.run(NOTE_WHY, { id, why: listValue([...why]) }, TYPES);
          }
        }),
      ),
    { lingerMs: 0, maxItems: 200 },
  );

  const close = async (): Promise<void> => {
    await incidents.idle();
    if (isKnown && seen.unsaved().size > 0) await session.write(save).catch(() => undefined);
    await session.close();
  };

  await session.write(know);
  return {
    write,
    recordIncident: incidents.add,
    query: (sql, parameters = []) =>
      session.read(async (reader) => (await reader.runAndReadAll(sql, [...parameters])).getRowObjectsJS()),
    keep: session.keep,
    beside: session.beside,
    refuseBefore: (ms) =>
      session.write(() => {
        keptSinceMs = ms;
        return Promise.resolve();
      }),
    noteLateBefore: (ms) => session.write(() => Promise.resolve(late.before(ms))),
    checkpoint: () =>
      session.write(async (store) => {
        await foldLogIn(store.writer);
        // Rows moved up to where others were deleted.
        if (isKnown) await save(store);
      }),
    close,
  };
};
