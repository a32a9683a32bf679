import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { lastWeekInAthena, savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import { INCIDENT_COLUMNS, type LakeColumn, SAMPLE_COLUMNS } from '../../aws/firehose/documents.ts';
import { NO_MARKS } from '../../domain/incident/incident-record.ts';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { incidentRecord } from '../fixture/incident-record.ts';
import { sample } from '../fixture/stored-sample.ts';

const HOUR = 3_600_000;
/** https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html */
const MAX_NAMED_QUERY = 262_144;
const T = Date.UTC(2026, 0, 5, 9);
const ASKED = { from: T, to: T + HOUR, reference: T - HOUR };

const samples = Array.from({ length: 1200 }, (_, index) => {
  const seq = index < 600 ? index : index + 60;
  const cylinder = `cyl-0${1 + (index % 3)}`;
  const t = T - 300_000 + seq * 1000;
  return sample({
    cylinder,
    seq,
    t,
    receivedAt: t + 2000 + (index % 7) * 20_000,
    values: [
      48 + (index % 50) / 10,
      2.31,
      index % 9 === 0 ? null : 1.92,
      3.4 + (index % 11) / 100,
      41,
      index % 90,
    ],
    probability: index > 900 && index < 980 ? 0.9 : 0.1,
  });
});

const raised = incidentRecord({
  id: `cyl-01@${T + 700_000}`,
  cylinder: 'cyl-01',
  gateway: 'line-3',
  beganAt: T + 660_000,
  raisedAt: T + 700_000,
  toldAt: T + 701_000,
  advice: 'seals',
  why: [0.1, 4, 2, 0, 0, 1],
  model: 'm@1',
  policy: 'p1',
});
const records = [
  raised,
  { ...raised, ...NO_MARKS, acknowledgedBy: 'Kim', acknowledgedAt: T + 760_000 },
  {
    ...raised,
    ...NO_MARKS,
    acknowledgedBy: 'Kim',
    lastAbnormalAt: T + 740_000,
    clearedAt: T + 900_000,
    endedBy: 'clearing' as const,
    closedBy: 'Kim',
    outcome: 'fault',
    mode: 'seal-leak',
    closedAt: T + 950_000,
  },
];

const folder = scratchFolder();
const telemetryPath = join(folder, 'telemetry.duckdb');
let lake: DuckDBConnection;
before(async () => {
  const local = await openDuckDbTelemetry({ path: telemetryPath });
  await local.write(samples);
  for (const record of records) await local.recordIncident(record);
  await local.close();
  lake = await (await DuckDBInstance.create(':memory:')).connect();
  await lake.run("SET TimeZone = 'UTC'");
  await lake.run('CREATE MACRO to_unixtime(t) AS epoch(t)');
  // What a gateway or Firehose says twice lies there twice.
  const twice = samples.slice(0, 500).map((one) => ({ ...one, receivedAt: one.receivedAt + HOUR }));
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

const askLocally = async (sql: string) => {
  const ledger = openLedgerDatabase({ path: ':memory:' });
  // The lake knows the first notice of an incident.
  ledger
    .prepare(
      'INSERT INTO sent_notices (subject, id, channel, type, cylinder, gateway, incident, at) VALUES (?,?,?,?,?,?,?,?)',
    )
    .run('x', raised.id, 'console', 'RAISED', 'cyl-01', 'line-3', raised.id, T + 701_000);
  try {
    return await Array.fromAsync(queryTelemetry(telemetryPath, sql, ledger));
  } finally {
    ledger.close();
  }
};

const plain = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const number = typeof value === 'number' || /^-?\d+(\.\d+)?(e-?\d+)?$/.test(String(value));
        return [
          name,
          number ? Number(Number(value).toPrecision(9)) : String(value ?? '').replace(/\.0+$/, ''),
        ];
      }),
    ),
  );

for (const query of savedQueries())
  test(`${query.name} says the same in its text for Athena, on the columns of the lake`, async () => {
    const local = await askLocally(statementOf(query, 'duckdb', ASKED));
    const answer = await lake.runAndReadAll(statementOf(query, 'athena', ASKED));
    const rows = answer.getRowObjectsJson();
    assert.ok(rows.length > 0);
    assert.deepEqual(plain(rows), plain(local));
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
    assert.deepEqual(plain(answer.getRowObjectsJson()), plain(bound.getRowObjectsJson()));
    // Nothing is two weeks old here, so there is nothing to compare with.
    if (query.name !== 'drift') assert.ok(answer.currentRowCount > 0);
  });
