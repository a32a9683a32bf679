import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { savedQueries, statementOf } from '../../../analysis/saved-queries.ts';
import { queryTelemetry } from '../../../local/telemetry/query-telemetry.ts';
import { TELEMETRY_SCHEMA } from '../../../local/telemetry/telemetry-schema.ts';
import type { Bench, Figure } from '../figure.ts';

const CYLINDERS = 100;
/** A tenth of a month: three days of a hundred cylinders. */
const SECONDS = 3 * 86_400;
const START_MS = Date.UTC(2026, 0, 5);
const ASKED = { from: START_MS, to: START_MS + SECONDS * 1000, reference: START_MS - 86_400_000 };

/** A line's samples second by second, as they are stored: two decimals, and contributions that nobody can guess. */
const SAMPLES = `
INSERT INTO samples
SELECT format('cyl-{:03d}', c), 'line-1', epoch_ms(${START_MS} + i * 1000), '5f3c1c9e', i, 'anomaly-detection@1.2.0',
  round(45 + random(), 1), round(2 + random() / 5, 2), round(1.7 + random() / 5, 2), round(3.4 + random() / 5, 2),
  round(40 + random() * 5), round(1180 + random() * 20),
  CASE WHEN (i // 5000 + c) % 40 = 0 THEN 0.99 ELSE round(random() / 10, 4) END,
  [round(random(), 3), round(random(), 3), round(random(), 3), round(random(), 3), round(random(), 3), round(random(), 3)],
  epoch_ms(${START_MS} + (i - i % 10 + 10) * 1000)
FROM (SELECT unnest(range(?::BIGINT, ?::BIGINT)) AS i) AS seconds
CROSS JOIN (SELECT unnest(range(1, ${CYLINDERS + 1})) AS c) AS cylinders
ORDER BY i // 10, c, i`;

const makeStore = async (path: string): Promise<void> => {
  const instance = await DuckDBInstance.create(path, { threads: '1', memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run(TELEMETRY_SCHEMA);
  for (let from = 0; from < SECONDS; from += 7200)
    await connection.run(SAMPLES, [BigInt(from), BigInt(Math.min(SECONDS, from + 7200))]);
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

async function* run(): AsyncGenerator<Figure | string> {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-query-'));
  try {
    const path = join(folder, 'telemetry.duckdb');
    const seconds = await timed(() => makeStore(path));
    const rows = CYLINDERS * SECONDS;
    yield `${rows.toLocaleString('en')} samples of ${CYLINDERS} cylinders were made in ${Math.round(seconds)} s`;
    yield {
      what: 'disk a sample, with contributions',
      value: statSync(path).size / rows,
      unit: 'bytes',
      atMost: 40,
    };
    for (const query of savedQueries().filter(({ name }) => name !== 'alarm-load' && name !== 'gaps'))
      yield {
        what: `${query.name}, all cylinders`,
        value: await timed(() => Array.fromAsync(queryTelemetry(path, statementOf(query, 'duckdb', ASKED)))),
        unit: 's',
        ...(query.name === 'abnormal-by-hour' || query.name === 'worst-actors' ? { atMost: 2 } : {}),
      };
    for (const query of savedQueries().filter(
      ({ name }) => name === 'abnormal-by-hour' || name === 'coverage',
    ))
      yield {
        what: `${query.name}, one cylinder`,
        value: await timed(() =>
          Array.fromAsync(
            queryTelemetry(path, statementOf(query, 'duckdb', { ...ASKED, cylinder: 'cyl-007' })),
          ),
        ),
        unit: 's',
        atMost: 1,
      };
    const peerPath = join(folder, 'peer.sqlite');
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What analysts wait for: the saved queries over a tenth of a month of a hundred cylinders, beside SQLite. */
export const queryBench: Bench = {
  name: 'query',
  summary:
    'saved queries over 26 million samples of 100 cylinders in DuckDB, beside SQLite on the same samples',
  run,
};
