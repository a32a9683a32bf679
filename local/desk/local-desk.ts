import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import type { DeskPorts } from '../../desk/api/desk-ports.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { policyFor } from '../../domain/cylinder/cylinder-record.ts';
import { isFields } from '../../domain/fields.ts';
import { type Sample, SENSORS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import type { DeskView, PipelineState } from '../../usecases/ports/desk-view.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import { sqliteCourse, sqliteIncidents, sqliteRollups } from '../ledger/sqlite-history.ts';
import { allRecords, type SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { explained } from '../ledger/transaction.ts';
import type { ShadowService } from '../shadow/shadow-service.ts';
import type { DuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';
import { answerQuestions } from '../telemetry/query-telemetry.ts';
import { readIncidents } from '../telemetry/read-incidents.ts';

/** What of the desk only a pipeline that runs can give. */
export type LocalDesk = Pick<DeskPorts, 'view' | 'twins' | 'policies' | 'now' | 'changes'>;

type Parts = Readonly<{
  database: DatabaseSync;
  ledger: SqliteLedger;
  telemetry: DuckDbTelemetry;
  shadows: Pick<ShadowService, 'handle'>;
  policies: PolicyBook;
  now: () => number;
  changes: DeskPorts['changes'];
  quarantine: () => PipelineState['quarantine'];
  channels: () => PipelineState['channels'];
}>;

const sampleRow = v.objectWithRest({ t: v.number(), probability: v.number() }, v.nullable(v.number()));

const MAX_SAMPLES = 20_000;
const SAMPLES_TIMEOUT_MS = 5000;

/** Reads samples beside the writing, at a pace that leaves the pipeline its own. */
const readSamples = (telemetry: DuckDbTelemetry) => {
  const ask = answerQuestions(telemetry);
  return async (cylinder: string, from: number, to: number): Promise<readonly Sample[]> => {
    if (!isName(cylinder)) return [];
    const columns = SENSORS.map((sensor) => `"${sensor}"`).join(', ');
    const sql = `SELECT epoch_ms(t)::DOUBLE AS t, probability, ${columns} FROM samples
      WHERE cylinder = '${cylinder}' AND t >= epoch_ms(${Math.trunc(from)}) AND t <= epoch_ms(${Math.trunc(to)})
      ORDER BY t LIMIT ${MAX_SAMPLES}`;
    const samples: Sample[] = [];
    for await (const rows of ask({ sql, timeoutMs: SAMPLES_TIMEOUT_MS }))
      for (const row of rows) {
        const { t, probability, ...sensors } = v.parse(sampleRow, row);
        const values = SENSORS.map((sensor) => sensors[sensor] ?? null);
        samples.push({
          cylinder,
          gateway: '',
          t,
          boot: null,
          seq: null,
          model: null,
          values,
          probability,
          why: null,
        });
      }
    return samples;
  };
};

/** The twins of a pipeline in this process: what is desired goes the way of every command, and is answered by the record. */
const twinsIn = ({ ledger, shadows, policies, now }: Parts): DeskPorts['twins'] => {
  const reportedBy = async (cylinder: string) => {
    const record = (await ledger.cylinders([cylinder])).get(cylinder)?.record;
    return record === undefined
      ? null
      : buildTwin(record, now(), policyFor(policies, cylinder, record).staleAfterMs);
  };
  return {
    get: async (cylinder) => {
      const reported = await reportedBy(cylinder);
      return reported === null ? null : { reported, desired: {}, now: now() };
    },
    desire: async (cylinder, desired, isAnswer) => {
      const body = Buffer.from(JSON.stringify({ state: { desired } }));
      // Resolves when the command is folded and saved.
      await shadows.handle(`$aws/things/${cylinder}/shadow/name/twin/update`, body);
      const reported = await reportedBy(cylinder);
      if (!isFields(reported) || !isAnswer(reported))
        throw new Error(`the twin of ${cylinder} gave no answer`);
      return reported;
    },
  };
};

/** The desk's view of a pipeline that runs in this process: records from memory, what is past from the ledger's file. */
const viewOf = ({ database, ledger, telemetry, quarantine, channels }: Parts): DeskView => {
  const incidents = sqliteIncidents(database);
  const rollups = sqliteRollups(database);
  const course = sqliteCourse(database);
  const begun = incidents.begin(() => readIncidents(telemetry)({ cylinder: null, sinceMs: null }));
  begun.catch(() => undefined);
  const backlog = database.prepare('SELECT count(*) AS n FROM outbox');
  return {
    ...allRecords(ledger),
    cylinder: async (name) => (await ledger.cylinders([name])).get(name)?.record ?? null,
    incidents: async (question) => {
      await begun;
      return incidents.list(question);
    },
    incident: async (id) => {
      await begun;
      return incidents.find(id);
    },
    course: ({ id }) => Promise.resolve(course.read(id)),
    rollups: (cylinder, from, to) => Promise.resolve(rollups.read(cylinder, from, to)),
    samples: readSamples(telemetry),
    notices: ({ incident, cylinder, limit }) => Promise.resolve(course.notices(incident, cylinder, limit)),
    pipeline: () => {
      const waits = Number(explained(database, () => backlog.get())?.n ?? 0);
      return Promise.resolve({
        backlog: waits,
        quarantine: quarantine(),
        deadLetters: null,
        channels: channels(),
      });
    },
  };
};

/** Calls together what changes within so long, ms. */
const TOGETHER_MS = 500;
const MAX_NAMED = 200;

/** A ledger that tells which cylinders were saved: some times a second at most, and however many there are. */
export const toldOfSaves = (ledger: SqliteLedger, now: () => number) => {
  const listeners = new Set<Parameters<NonNullable<DeskPorts['changes']>>[0]>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    timer = null;
    const names = [...changed];
    changed = new Set();
    const all = names.length > MAX_NAMED;
    for (const listener of listeners) listener({ cylinders: all ? [] : names, all, at: now() });
  };
  const save: Ledger['save'] = async (changes) => {
    const outcomes = await ledger.save(changes);
    if (listeners.size > 0) {
      for (const change of changes)
        if (change.kind === 'cylinder' && change.isPassing !== true) changed.add(change.name);
      if (changed.size > 0 && timer === null) timer = setTimeout(tell, TOGETHER_MS).unref();
    }
    return outcomes;
  };
  const changes: NonNullable<DeskPorts['changes']> = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { ledger: { ...ledger, save }, changes };
};

/** All that a desk shows and does of a pipeline in this process. */
export const localDesk = (parts: Parts): LocalDesk => ({
  view: viewOf(parts),
  twins: twinsIn(parts),
  policies: parts.policies,
  now: parts.now,
  changes: parts.changes,
});
