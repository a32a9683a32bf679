import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AthenaClient } from '@aws-sdk/client-athena';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { askAthena } from '../../../aws/athena/ask-athena.ts';
import { inOneForm, knownHour } from '../../analysis/known-hour.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { runSentinel } from '../../cli/run-sentinel.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { type Ministack, startMinistack } from '../emulator/start-ministack.ts';
import { createLake } from './lake-stack.ts';

const folder = scratchFolder();
const hour = knownHour(folder, Date.UTC(2026, 0, 5, 9));
const exported = join(folder, 'january');
const DOC = readFileSync(new URL('../../../docs/reports.md', import.meta.url), 'utf8');

let ministack: Ministack | null = null;
let ask: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]> = () => Promise.resolve([]);
before(async () => {
  await hour.makeLocally();
  const { code, errors } = await runSentinel(['export', '--data', folder, '--out', exported]);
  assert.equal(code, 0, errors);
  ministack = await startMinistack();
  const settings = clientSettings(ministack.endpoint, 3);
  await createLake(settings, 'lake');
  const client = new AthenaClient(settings);
  ask = (sql) => Array.fromAsync(askAthena({ client, database: 'lake', workgroup: 'lake' }, sql));
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  for (const entry of readdirSync(exported, { recursive: true, encoding: 'utf8' }))
    if (entry.endsWith('.parquet'))
      await s3.send(
        new PutObjectCommand({
          Bucket: 'lake',
          Key: `january/${entry}`,
          Body: readFileSync(join(exported, entry)),
        }),
      );
  s3.destroy();
});
after(() => ministack?.stop());

/** The statements that the doc gives to Athena, of the bucket here. */
const statements = (/-- after: aws s3 sync[^\n]*\n(.*?)```/s.exec(DOC)?.[1] ?? '')
  .replaceAll('BUCKET', 'lake')
  .split(';')
  .map((sql) => sql.trim())
  .filter((sql) => sql !== '');

const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'string',
  TIMESTAMP: 'timestamp',
  BIGINT: 'bigint',
  DOUBLE: 'double',
  'DOUBLE[]': 'array<double>',
};

test('what the doc gives to Athena makes a table of an export with all its columns, and Athena reads it', async () => {
  const [create = '', ...rest] = statements;
  const [, columns = '', partitions = ''] = /\((.*?)\)\s*PARTITIONED BY \((.*?)\)/s.exec(create) ?? [];
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const files = `${exported}/samples/*/*/*.parquet`;
  const described = await connection.runAndReadAll(
    `SELECT lower(column_name), column_type FROM (DESCRIBE SELECT * FROM read_parquet('${files}', hive_partitioning = false))`,
  );
  assert.deepEqual(
    columns.split(',').map((column) => column.trim()),
    described.getRows().map(([name, type]) => `${name} ${TYPES[String(type)] ?? type}`),
  );
  assert.equal(partitions, 'day string, cylinder string');
  // The emulator knows partitions by their paths, and not the statement that lets Athena look for them.
  const [, table = ''] = /^CREATE EXTERNAL TABLE (\w+)/.exec(create) ?? [];
  assert.deepEqual(rest, [`MSCK REPAIR TABLE ${table}`]);
  assert.deepEqual(await ask(create), []);
  const answer = `SELECT cylinder, date_trunc('hour', t) AS hour, count(*) AS n, avg(wrmscurrent) AS current_a, max(why[2]) AS why
    FROM ${table} WHERE day = '2026-01-05' AND received_at > t GROUP BY 1, 2 ORDER BY 1, 2`;
  const local = await connection.runAndReadAll(
    answer.replace(table, `read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false)`),
  );
  assert.equal(local.currentRowCount, 6);
  assert.deepEqual(inOneForm(await ask(answer)), inOneForm(local.getRowObjectsJson()));
});
