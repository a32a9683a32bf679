import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SENSORS } from '../../domain/message/sample.ts';
import { type Answer, startServer, type TestServer } from '../aws/start-server.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runSentinel } from './run-sentinel.ts';

const START_MS = Date.UTC(2026, 0, 5);
const scratch = scratchFolder();
const policy = join(scratch, 'policy.json');
const slow = { samplePeriodMs: 10_000, windowMs: 600_000, staleAfterMs: 120_000 };
writeFileSync(policy, JSON.stringify({ default: { notifyFrom: 'advisory', ...slow } }));

/**
 * Six hours of two cylinders in both stores, a sample in ten seconds. Of press-1 the champion tells a fault and takes some
 * time for one that is none; the challenger, on trial since minute ten, tells the fault alone. The lake has some twice.
 */
const STORED = `
  CREATE MACRO from_milliseconds(ms) AS epoch_ms(ms);
  CREATE MACRO to_milliseconds(instant) AS epoch_ms(instant);
  CREATE VIEW taken AS
    SELECT cylinder, s, ${START_MS} + 1000 * s AS t, cylinder = 'press-1' AND s BETWEEN 3600 AND 7200 AS is_fault,
      cylinder = 'press-1' AND s BETWEEN 12000 AND 14400 AS is_false, s >= 600 AS is_tried
    FROM (SELECT unnest(['press-1', 'press-2']) AS cylinder), (SELECT unnest(range(0, 21600, 10)) AS s);
  CREATE TABLE samples AS
    SELECT cylinder, 'g' AS gateway, t, 'b' AS boot, s AS seq, 'old@1' AS model, t + 500 AS received_at, 
      ${SENSORS.map((sensor, place) => `${place === 1 ? 'NULL' : place}::DOUBLE AS ${sensor.toLowerCase()}`).join(', ')},
      CASE WHEN is_fault OR is_false THEN 0.9 ELSE 0.1 END::DOUBLE AS probability,
      CASE WHEN is_tried THEN 'new@2' END AS challenger,
      CASE WHEN is_tried THEN CASE WHEN is_fault THEN 0.9 ELSE 0.1 END END::DOUBLE AS challenger_probability,
      strftime(epoch_ms(t), '%Y-%m-%d') AS day
    FROM taken;
  CREATE SCHEMA plant;
  CREATE TABLE plant.samples AS SELECT * EXCLUDE (t, day), epoch_ms(t) AS time, 'sample' AS measure_name FROM samples;
  INSERT INTO samples SELECT * REPLACE (received_at + 60000 AS received_at) FROM samples WHERE seq % 500 = 0;
  CREATE TABLE incidents AS
    SELECT id, version, 'press-1' AS cylinder, ${START_MS} + began AS began_at, ${START_MS} + cleared AS cleared_at,
      ${START_MS} + closed AS closed_at, outcome, '2026-01-05' AS day
    FROM (VALUES ('a', 1, 3600000, NULL, NULL, NULL), ('a', 2, 3600000, 7300000, 8000000, 'fault'),
      ('b', 1, 12000000, 14500000, 15000000, 'no-fault-found'), ('c', 1, 16000000, 16100000, NULL, NULL))
      AS noted (id, version, began, cleared, closed, outcome);
  CREATE TABLE plant.incidents AS
    SELECT id AS incident, cylinder, began_at, cleared_at, closed_at, outcome, epoch_ms(began_at) AS time,
      CASE WHEN closed_at IS NULL THEN 'incident' ELSE 'closing' END AS measure_name FROM incidents`;

const stackOf = (isLake: boolean): string => {
  const output = (key: string, value: string): string =>
    `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>
<member><StackName>plant-7</StackName><Outputs>${output('TelemetryDatabaseName', 'plant')}${
    isLake ? output('AthenaWorkgroupName', 'plant') + output('LakeBucketName', 'lake') : ''
  }</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
};

type Table = Readonly<{
  columns: readonly (readonly [name: string, type: string])[];
  rows: readonly (readonly (string | null)[])[];
}>;

/** All rows as one page of Timestream. https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html */
const timestreamPage = ({ columns, rows }: Table): object => ({
  QueryId: 'Q1',
  Rows: rows.map((cells) => ({
    Data: cells.map((cell) => (cell === null ? { NullValue: true } : { ScalarValue: cell })),
  })),
  ColumnInfo: columns.map(([Name, ScalarType]) => ({ Name, Type: { ScalarType } })),
  QueryStatus: { CumulativeBytesScanned: 1000, ProgressPercentage: 100 },
});

/** The same of Athena, below its heading. https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html */
const athenaPage = ({ columns, rows }: Table): object => ({
  ResultSet: {
    ResultSetMetadata: { ColumnInfo: columns.map(([Name, type]) => ({ Name, Type: type.toLowerCase() })) },
    Rows: [columns.map(([name]) => name), ...rows].map((cells) => ({
      Data: cells.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
    })),
  },
});

let connection: DuckDBConnection;

const answer = async (sql: string): Promise<Table> => {
  const result = await connection.runAndReadAll(sql);
  const types = result.columnTypes().map(String);
  return {
    columns: result.columnNames().map((name, index) => [name, types[index] ?? ''] as const),
    rows: result.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
  };
};

const startStack = (isLake: boolean): Promise<TestServer> =>
  startServer(async ({ headers, body }): Promise<Answer> => {
    const target = String(headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const json = (value: object): Answer => ({ status: 200, body: JSON.stringify(value) });
    if (target === '') return { status: 200, headers: { 'content-type': 'text/xml' }, body: stackOf(isLake) };
    if (target === 'DescribeEndpoints') return json({ Endpoints: [{ Address: '127.0.0.1' }] });
    if (target === 'GetQueryExecution') return json({ QueryExecution: { Status: { State: 'SUCCEEDED' } } });
    const { QueryString, QueryExecutionId } = JSON.parse(body.toString());
    // The statement is its own name: Athena is asked for the rows by that alone.
    if (target === 'StartQueryExecution') return json({ QueryExecutionId: QueryString });
    return json(
      isLake ? athenaPage(await answer(QueryExecutionId)) : timestreamPage(await answer(QueryString)),
    );
  });

before(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(STORED);
});
after(() => connection.closeSync());

for (const [store, isLake] of [
  ['the lake', true],
  ['Timestream', false],
] as const) {
  test(`both models are held against each other by what ${store} of a stack holds`, async () => {
    const { endpoint, close } = await startStack(isLake);
    const reportOn = (...options: readonly string[]) =>
      runSentinel([
        ...['challenge', 'report', '--aws', '--stack', 'plant-7', '--endpoint', endpoint],
        ...['--policy', policy, '--min', '6h', ...options],
      ]);
    const out = join(scratch, `report-${isLake}.json`);
    try {
      const { code, errors, out: text } = await reportOn('--out', out);
      assert.equal(code, 0, errors);
      assert.match(text, /The evidence is for the challenger\.$/);
      const { data, trial, evidence, objections } = JSON.parse(readFileSync(out, 'utf8'));
      assert.deepEqual([data.file, objections], ['the stack plant-7', []]);
      assert.deepEqual([trial.champions, trial.challengers], [['old@1'], ['new@2']]);
      assert.equal(trial.samples, 2 * (2160 - 60), 'each once, and none of before the trial');
      assert.deepEqual([evidence.truth, evidence.faults], ['outcomes', 1]);
      const sides = [evidence.champion, evidence.challenger];
      assert.deepEqual(
        sides.map((side) => [side.detected, side.false, side.unjudged]),
        [
          [1, 1, 0],
          [1, 0, 0],
        ],
      );
      const part = await reportOn('--from', '2026-01-05T03:00', '--cylinder', 'press-1', '--json');
      assert.equal(JSON.parse(part.out).trial.samples, 1080);
      assert.equal(JSON.parse(part.out).evidence.faults, 0, 'the fault was before that');
      const none = await reportOn('--cylinder', 'press-9');
      assert.equal(none.code, 2);
      assert.match(none.errors, /the stack plant-7 holds no sample .*--challenger new\.json/);
    } finally {
      await close();
    }
  });
}

for (const [what, options, expected] of [
  ['a file beside a stack', ['--aws', '--input', 'day.csv'], /leave out --input/],
  ['a stack without --aws', ['--stack', 'plant-7'], /--stack goes with --aws/],
  ['labels of a stack', ['--aws', '--labels', 'faults.csv'], /--labels goes with a recording/],
  ['a time that ends before it begins', ['--from', '2026-02-01', '--to', '2026-01-01'], /before --to/],
] as const)
  test(`${what} is refused`, async () => {
    const { code, errors } = await runSentinel(['challenge', 'report', ...options]);
    assert.equal(code, 2);
    assert.match(errors, expected);
  });
