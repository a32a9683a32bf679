import { statSync } from 'node:fs';
import { bind } from '../../analysis/bind-query.ts';
import type { SeenIncident } from '../../backtest/labels/label-incidents.ts';
import { askExported } from '../../backtest/labels/read-exported.ts';
import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import { queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import type { AwsOptions } from '../options/aws-options.ts';
import { type AskStore, askLocally, type Row } from '../query/print-rows.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Which store is asked, and from when until before when, ms. */
export type StoredQuestion = AwsOptions &
  Readonly<{
    aws?: boolean;
    stage: string;
    stack?: string;
    data: string;
    input?: string;
    exported?: string;
    timeout: number;
    maxScan?: number;
    fromMs: number;
    toMs: number;
    cylinder?: string;
  }>;

/** A stored sample as training takes it, with what the model of its time said; times in ms. */
export type StoredValues = Readonly<{
  cylinder: string;
  t: number;
  values: SensorValues;
  probability: number;
  receivedAt: number;
}>;

export type StoredLine = Readonly<{
  incidents(): Promise<readonly SeenIncident[]>;
  /** The names of the cylinders that have samples. */
  cylinders(): Promise<readonly string[]>;
  /** The samples of one cylinder in the order of time. */
  samples(cylinder: string): AsyncIterable<StoredValues>;
  /** The samples of all cylinders in the order of their receipt; `isTried`: those alone that a model on trial has scored. */
  received(isTried: boolean): AsyncIterable<StoredSample>;
}>;

const WHERE = '(:cylinder IS NULL OR cylinder = :cylinder)';
const IN_TIME = {
  duckdb: `t >= :from AND t < :to AND ${WHERE}`,
  athena: `day >= :from_day AND day <= :to_day AND t >= :from_ms AND t < :to_ms AND ${WHERE}`,
  timestream: `measure_name = 'sample' AND time >= :from AND time < :to AND ${WHERE}`,
} as const;

const COLUMNS = SENSORS.map((sensor) => `"${sensor}"`).join(', ');

const ONE_COPY = `min(probability) AS probability, min(received_at) AS received_at,
  ${SENSORS.map((sensor) => `min(${sensor.toLowerCase()}) AS "${sensor}"`).join(', ')}`;

const INCIDENTS = {
  duckdb: `SELECT id, cylinder, epoch_ms(began_at) AS began_at, epoch_ms(cleared_at) AS cleared_at,
    epoch_ms(closed_at) AS closed_at, outcome FROM incidents WHERE began_at < :to AND ${WHERE} ORDER BY began_at, id`,
  athena: `SELECT id, max_by(cylinder, version) AS cylinder, max_by(began_at, version) AS began_at,
    max_by(cleared_at, version) AS cleared_at, min(closed_at) AS closed_at, max_by(outcome, version) AS outcome
    FROM incidents WHERE day >= :from_day AND began_at < :to_ms AND ${WHERE} GROUP BY id ORDER BY 3, 1`,
  timestream: `SELECT incident AS id, cylinder, max(began_at) AS began_at, max(cleared_at) AS cleared_at,
    max(closed_at) AS closed_at, max(outcome) AS outcome FROM :database."incidents"
    WHERE measure_name IN ('incident', 'closing') AND time >= :from AND time < :to AND ${WHERE} GROUP BY 1, 2 ORDER BY 3, 1`,
} as const;

/** A lake may hold a sample twice, which Timestream does not. */
const SAMPLES = {
  duckdb: `SELECT cylinder, epoch_ms(t) AS t, probability, epoch_ms(received_at) AS received_at, ${COLUMNS}
    FROM samples WHERE ${IN_TIME.duckdb} ORDER BY samples.t`,
  athena: `SELECT cylinder, t, boot, seq, ${ONE_COPY} FROM samples WHERE ${IN_TIME.athena} GROUP BY 1, 2, 3, 4 ORDER BY t`,
  timestream: `SELECT cylinder, to_milliseconds(time) AS t, probability, received_at, ${COLUMNS}
    FROM :database."samples" WHERE ${IN_TIME.timestream} ORDER BY time`,
} as const;

const TRIED = 'challenger IS NOT NULL';

/** What the replay of a trial asks for, as it was received. Timestream keeps of a sample what came first. */
const RECEIVED = {
  duckdb: `SELECT cylinder, epoch_ms(t) AS t, boot, seq, gateway, model, challenger, challenger_probability, probability,
    epoch_ms(received_at) AS received_at, ${COLUMNS} FROM samples WHERE ${IN_TIME.duckdb} AND :tried ORDER BY samples.received_at, cylinder, samples.t`,
  athena: `SELECT cylinder, t, boot, seq, min(gateway) AS gateway, min(model) AS model, min(challenger) AS challenger,
    min(challenger_probability) AS challenger_probability, ${ONE_COPY} FROM samples WHERE ${IN_TIME.athena} AND :tried
    GROUP BY 1, 2, 3, 4 ORDER BY received_at, cylinder, t`,
  timestream: `SELECT cylinder, to_milliseconds(time) AS t, boot, seq, gateway, model, challenger, challenger_probability,
    probability, received_at, ${COLUMNS} FROM :database."samples" WHERE ${IN_TIME.timestream} AND :tried ORDER BY received_at, cylinder, time`,
} as const;

const TABLES = { duckdb: 'samples', athena: 'samples', timestream: ':database."samples"' } as const;

/** Timestream knows no time beyond 2262; nothing is stored that lies ahead. */
const DAY_MS = 86_400_000;

const number = (value: unknown): number | null =>
  value === null || value === undefined || value === '' ? null : Number(value);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const readIncident = (row: Row, isUntilClosed: boolean): SeenIncident => {
  const [cleared, closed] = [number(row.cleared_at), number(row.closed_at)];
  return {
    id: String(row.id),
    cylinder: String(row.cylinder),
    beganAt: number(row.began_at) ?? 0,
    clearedAt: cleared,
    endedAt: isUntilClosed ? (closed ?? cleared) : (cleared ?? closed),
    outcome: text(row.outcome),
  };
};

const readValues = (row: Row): StoredValues => ({
  cylinder: String(row.cylinder),
  t: Number(row.t),
  values: SENSORS.map((sensor) => number(row[sensor] ?? row[sensor.toLowerCase()])),
  probability: Number(row.probability),
  receivedAt: Number(row.received_at),
});

const readReceived = (row: Row): StoredSample => {
  const [challenger, tried] = [text(row.challenger), number(row.challenger_probability)];
  return {
    ...readValues(row),
    gateway: String(row.gateway),
    boot: text(row.boot),
    seq: number(row.seq),
    model: text(row.model),
    why: null,
    ...(challenger === null || tried === null
      ? {}
      : { challenger: { model: challenger, probability: tried } }),
  };
};

/** Asks a folder of exported samples. */
const askFolder = (option: string, folder: string): AskStore =>
  async function* (sql) {
    try {
      yield* askExported(folder, sql);
    } catch (cause) {
      const [reason = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
      throw new UsageError(`${option} ${folder}: ${reason}`, { cause });
    }
  };

const isFolder = (path: string): boolean => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`${path}: there is no such file or folder`);
  return found.isDirectory();
};

const storeOf = (input: string | undefined, { data, timeout }: StoredQuestion): AskStore => {
  if (input === undefined) return askLocally({ data, timeoutMs: timeout });
  return isFolder(input) ? askFolder('--input', input) : (sql) => queryTelemetry(input, sql, null);
};

const storesOf = async (question: StoredQuestion) => {
  if (question.aws === true) {
    const { awsStore } = await import('../query/ask-aws.ts');
    const { dialect, database, ask } = await awsStore(question);
    return { dialect, database, asks: [ask] } as const;
  }
  const { input, exported, stack } = question;
  if (stack !== undefined) throw new UsageError('--stack goes with --aws');
  const older = exported !== undefined && isFolder(exported) ? [askFolder('--exported', exported)] : [];
  return { dialect: 'duckdb', database: undefined, asks: [...older, storeOf(input, question)] } as const;
};

/** Opens what is stored of a line: a data folder whether its pipeline runs or not, a telemetry store, or a stack's store. */
export const openStored = async (question: StoredQuestion, isUntilClosed: boolean): Promise<StoredLine> => {
  const { dialect, database, asks } = await storesOf(question);
  const { fromMs: from, cylinder: only } = question;
  const to = dialect === 'timestream' ? Math.min(question.toMs, Date.now() + DAY_MS) : question.toMs;
  const bound = (sql: string, cylinder: string | undefined): string =>
    bind(sql, dialect, {
      from,
      to,
      ...(cylinder === undefined ? {} : { cylinder }),
      ...(database === undefined ? {} : { database }),
    });
  const newest = asks.at(-1);
  if (newest === undefined) throw new Error('no store');
  return {
    incidents: async () =>
      (await Array.fromAsync(newest(bound(INCIDENTS[dialect], only)))).map((row) =>
        readIncident(row, isUntilClosed),
      ),
    cylinders: async () => {
      const names = new Set<string>();
      for (const ask of asks)
        for await (const row of ask(
          bound(`SELECT DISTINCT cylinder FROM ${TABLES[dialect]} WHERE ${IN_TIME[dialect]}`, only),
        ))
          names.add(String(row.cylinder));
      return [...names].sort();
    },
    samples: async function* (cylinder) {
      for (const ask of asks)
        for await (const row of ask(bound(SAMPLES[dialect], cylinder))) yield readValues(row);
    },
    received: async function* (isTried) {
      const sql = RECEIVED[dialect].replace(':tried', isTried ? TRIED : 'true');
      for (const ask of asks) for await (const row of ask(bound(sql, only))) yield readReceived(row);
    },
  };
};
