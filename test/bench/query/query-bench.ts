import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { savedQueries, statementOf } from '../../../analysis/saved-queries.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { loadLedgerTables } from '../../../local/telemetry/ledger-tables.ts';
import { createHourRoller } from '../../../local/telemetry/roll-hours.ts';
import { TELEMETRY_SCHEMA } from '../../../local/telemetry/telemetry-schema.ts';
import type { Bench, BenchSize, Figure } from '../figure.ts';

const CYLINDERS = 100;
const DAY = 86_400;
const START_MS = Date.UTC(2026, 0, 5);

/** A line's samples second by second, as they are stored: two decimals, and contributions that nobody can guess. */
const SAMPLES = `
INSERT INTO samples
SELECT *, NULL, NULL FROM (
SELECT format('cyl-{:03d}', c), 'line-1', epoch_ms(${START_MS} + i * 1000), '5f3c1c9e', i, 'anomaly-detection@1.2.0',
  round(45 + random(), 1), round(2 + random() / 5, 2), round(1.7 + random() / 5, 2), round(3.4 + random() / 5, 2),
  round(40 + random() * 5), round(1180 + random() * 20),
  CASE WHEN (i // 5000 + c) % 40 = 0 THEN 0.99 ELSE round(random() / 10, 4) END,
  [round(random(), 3), round(random(), 3), round(random(), 3), round(random(), 3), round(random(), 3), round(random(), 3)],
  epoch_ms(${START_MS} + (i - i % 10 + 10) * 1000)
FROM (SELECT unnest(range(?::BIGINT, ?::BIGINT)) AS i) AS seconds
CROSS JOIN (SELECT unnest(range(1, ${CYLINDERS + 1})) AS c) AS cylinders
ORDER BY i // 10, c, i)`;

/** An incident for each tenth of the stretches in which a cylinder is abnormal: some 130 a month. */
const INCIDENTS = `
INSERT INTO incidents (id, cylinder, gateway, began_at, raised_at, last_abnormal_at, cleared_at, severity, reopenings, outcome)
SELECT cylinder || '@' || stretch, cylinder, 'line-1', began_at, began_at + INTERVAL 40 SECOND,
  began_at + INTERVAL 5000 SECOND, began_at + INTERVAL 5300 SECOND, 'warning', 0, 'fault'
FROM (
  SELECT format('cyl-{:03d}', c) AS cylinder, s AS stretch, epoch_ms(${START_MS} + s * 5000000) AS began_at
  FROM (SELECT unnest(range(?::BIGINT // 5000)) AS s) CROSS JOIN (SELECT unnest(range(1, ${CYLINDERS + 1}, 10)) AS c)
  WHERE (s + c) % 40 = 0
)`;

/** So many days are made up; what is more repeats them. */
const MADE_DAYS = 3;
const REPEATED = `
INSERT INTO samples
SELECT * REPLACE (
  t + to_seconds($1::BIGINT) AS t, seq + $1::BIGINT AS seq, received_at + to_seconds($1::BIGINT) AS received_at)
FROM samples
WHERE t >= epoch_ms(${START_MS} + $2::BIGINT * 1000) AND t < epoch_ms(${START_MS} + $3::BIGINT * 1000)`;

const makeStore = async (path: string, seconds: number): Promise<void> => {
  const instance = await DuckDBInstance.create(path, { threads: '1', memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run(TELEMETRY_SCHEMA);
  const made = Math.min(seconds, MADE_DAYS * DAY);
  for (let from = 0; from < made; from += 7200)
    await connection.run(SAMPLES, [BigInt(from), BigInt(Math.min(made, from + 7200))]);
  for (let later = made; later < seconds; later += made)
    for (let from = 0; from < Math.min(made, seconds - later); from += 21_600)
      await connection.run(REPEATED, [
        BigInt(later),
        BigInt(from),
        BigInt(Math.min(made, seconds - later, from + 21_600)),
      ]);
  await connection.run(INCIDENTS, [BigInt(seconds)]);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
};

/** The same samples in SQLite, with the index that such questions want: what one would use instead. */
const makePeer = async (path: string, from: string): Promise<DatabaseSync> => {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  database.exec('CREATE TABLE samples (cylinder INTEGER, t INTEGER, temp REAL, probability REAL)');
  const insert = database.prepare('INSERT INTO samples VALUES (?, ?, ?, ?)');
  const instance = await DuckDBInstance.create(from, { access_mode: 'READ_ONLY', threads: '1' });
  const connection = await instance.connect();
  const result = await connection.stream(
    `SELECT substr(cylinder, 5)::INTEGER, epoch_ms(t)::DOUBLE, "rVibration_Temp", probability FROM samples`,
  );
  database.exec('BEGIN');
  for await (const rows of result.yieldRows())
    for (const [cylinder, t, temp, probability] of rows)
      insert.run(Number(cylinder), Number(t), Number(temp), Number(probability));
  database.exec('COMMIT');
  database.exec('CREATE INDEX by_cylinder ON samples (cylinder, t, probability)');
  connection.closeSync();
  instance.closeSync();
  return database;
};

const timed = async (work: () => unknown): Promise<number> => {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
};

const BY_HOUR = (where: string): string =>
  `SELECT cylinder, t / 3600000 AS hour, count(*), avg(probability >= 0.5), max(probability) FROM samples ${where} GROUP BY 1, 2 ORDER BY 1, 2`;

/** Rolls up all hours, as the pipeline does with each once it is over. */
const rollUp = async (path: string, untilMs: number): Promise<void> => {
  const telemetry = await openDuckDbTelemetry({ path });
  await createHourRoller({
    telemetry,
    newestMs: () => Promise.resolve(untilMs + 3_600_000),
    rest: () => Promise.resolve(true),
  }).round();
  await telemetry.close();
};

/** What a question of the fleet, and of one cylinder, may take at most, s. */
const ALL_AT_MOST = 2;
const ONE_AT_MOST = 1;
const OF_HOURS = new Set([
  'abnormal-by-hour',
  'course',
  'coverage',
  'drift',
  'gaps',
  'messages',
  'models',
  'reliability',
  'running-hours',
  'worst-actors',
]);

/** Opens the store, on one thread and with little memory, and reads an answer to its last row. */
const answerOf = async (path: string, sql: string): Promise<void> => {
  const ledger = openLedgerDatabase({ path: ':memory:' });
  const instance = await DuckDBInstance.create(path, {
    access_mode: 'READ_ONLY',
    threads: '1',
    memory_limit: '1GB',
  });
  const connection = await instance.connect();
  await loadLedgerTables(connection, ledger, sql);
  const result = await connection.stream(sql);
  for await (const _ of result.yieldRows());
  connection.closeSync();
  instance.closeSync();
  ledger.close();
};

/** More would take SQLite half an hour to fill. */
const MAX_PEER_DAYS = 3;

async function* peerFigures(path: string, peerPath: string, rows: number): AsyncGenerator<Figure> {
  const peer = await makePeer(peerPath, path);
  yield {
    what: 'SQLite: disk a sample of four columns, with an index',
    value: statSync(peerPath).size / rows,
    unit: 'bytes',
  };
  yield {
    what: 'SQLite: the same by hour, all cylinders',
    value: await timed(() => peer.prepare(BY_HOUR('')).all()),
    unit: 's',
  };
  yield {
    what: 'SQLite: the same by hour, one cylinder',
    value: await timed(() => peer.prepare(BY_HOUR('WHERE cylinder = 7')).all()),
    unit: 's',
  };
  peer.close();
}

async function* run({ days: wanted }: BenchSize): AsyncGenerator<Figure | string> {
  // Not where temporary files are, which may be memory.
  const cache = join(homedir(), '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'sentinel-query-'));
  try {
    const path = join(folder, 'telemetry.duckdb');
    const days = Math.max(2, Math.round(wanted));
    const rows = CYLINDERS * days * DAY;
    const to = START_MS + days * DAY * 1000;
    const asked = { from: START_MS, to };
    const made = await timed(() => makeStore(path, days * DAY));
    yield `${rows.toLocaleString('en')} samples of ${CYLINDERS} cylinders, ${days} days, were made in ${Math.round(made)} s`;
    const usage = process.cpuUsage();
    const rolled = await timed(() => rollUp(path, to));
    const { user, system } = process.cpuUsage(usage);
    yield `the store was opened and its hours rolled up in ${Math.round(rolled)} s`;
    yield { what: 'rolling up, processor time a sample', value: (user + system) / rows, unit: 'µs' };
    yield {
      what: 'disk a sample, with contributions and roll-ups',
      value: statSync(path).size / rows,
      unit: 'bytes',
      atMost: 40,
    };
    for (const query of savedQueries().toSorted(
      (a, b) => Number(OF_HOURS.has(b.name)) - Number(OF_HOURS.has(a.name)),
    ))
      for (const cylinder of [undefined, 'cyl-007']) {
        // The reference of drift is the first day.
        const since = query.name === 'drift' ? { from: START_MS + DAY * 1000, reference: START_MS } : {};
        const question = { ...asked, ...since, ...(cylinder === undefined ? {} : { cylinder }) };
        const atMost = cylinder === undefined ? ALL_AT_MOST : ONE_AT_MOST;
        yield {
          what: `${query.name}, ${cylinder === undefined ? 'all cylinders' : 'one cylinder'}`,
          value: await timed(() => answerOf(path, statementOf(query, 'duckdb', question))),
          unit: 's',
          ...(OF_HOURS.has(query.name) ? { atMost } : {}),
        };
      }
    if (days <= MAX_PEER_DAYS) yield* peerFigures(path, join(folder, 'peer.sqlite'), rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What analysts wait for: the saved queries over months of a hundred cylinders, beside SQLite. */
export const queryBench: Bench = {
  name: 'query',
  summary:
    'saved queries over three days of 100 cylinders (--days), 26 million samples, in DuckDB, beside SQLite on the same',
  run,
};
