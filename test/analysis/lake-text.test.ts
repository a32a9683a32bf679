import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { lastWeekInAthena, savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import { INCIDENT_COLUMNS, type LakeColumn, SAMPLE_COLUMNS } from '../../aws/firehose/documents.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { inOneForm, knownHour } from './known-hour.ts';

const HOUR = 3_600_000;
/** https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html */
const MAX_NAMED_QUERY = 262_144;
const T = Date.UTC(2026, 0, 5, 9);
const folder = scratchFolder();
const { samples, twice, records, asked: ASKED, makeLocally, askLocally } = knownHour(folder, T);
let lake: DuckDBConnection;
before(async () => {
  await makeLocally();
  lake = await (await DuckDBInstance.create(':memory:')).connect();
  await lake.run("SET TimeZone = 'UTC'");
  await lake.run('CREATE MACRO to_unixtime(t) AS epoch(t)');
  await fill('samples', SAMPLE_COLUMNS, [...samples, ...twice]);
  await fill(
    'incidents',
    INCIDENT_COLUMNS,
    records.map((record, version) => ({ ...record, version })),
  );
});

const DUCKDB_TYPES = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  'array<double>': 'DOUBLE[]',
} as const;

/** Makes a table of the lake of the documents that Firehose is given. */
const fill = async <T>(
  table: string,
  columns: readonly LakeColumn<T>[],
  rows: readonly T[],
): Promise<void> => {
  const file = join(folder, `${table}.json`);
  writeFileSync(
    file,
    rows
      .map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name, of }) => [name, of(row)])))}\n`)
      .join(''),
  );
  const types = columns.map(({ name, type }) => `${name}: '${DUCKDB_TYPES[type]}'`).join(', ');
  const day = new Date(T).toISOString().slice(0, 10);
  await lake.run(
    `CREATE TABLE ${table} AS SELECT *, '${day}' AS day FROM read_json('${file}', format = 'newline_delimited', columns = {${types}})`,
  );
};

for (const query of savedQueries())
  test(`${query.name} says the same in its text for Athena, on the columns of the lake`, async () => {
    const local = await askLocally(query);
    const answer = await lake.runAndReadAll(statementOf(query, 'athena', ASKED));
    const rows = answer.getRowObjectsJson();
    assert.ok(rows.length > 0);
    assert.deepEqual(inOneForm(rows), inOneForm(local));
  });

const DAY = 24 * HOUR;

for (const query of savedQueries())
  test(`${query.name} asks in Athena's console about the week before it is run`, async () => {
    const to = ASKED.to;
    const asked = { from: to - 7 * DAY, to, reference: to - 14 * DAY };
    const now = `TIMESTAMPTZ '${new Date(to).toISOString()}'`;
    const text = lastWeekInAthena(query);
    assert.doesNotMatch(text, /(?<!:):[a-z_]+\b/);
    assert.ok(text.length < MAX_NAMED_QUERY);
    const answer = await lake.runAndReadAll(text.replaceAll('current_timestamp', now));
    const bound = await lake.runAndReadAll(statementOf(query, 'athena', asked));
    assert.deepEqual(inOneForm(answer.getRowObjectsJson()), inOneForm(bound.getRowObjectsJson()));
    // Nothing is two weeks old here, so there is nothing to compare with.
    if (query.name !== 'drift') assert.ok(answer.currentRowCount > 0);
  });
