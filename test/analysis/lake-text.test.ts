// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes its variables so
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import * as v from 'valibot';
import { lastWeekInAthena, savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import {
  EVENT_COLUMNS,
  INCIDENT_COLUMNS,
  type LakeColumn,
  SAMPLE_COLUMNS,
} from '../../aws/firehose/documents.ts';
import { EVENT_TABLES, eventRows } from '../../aws/telemetry/event-rows.ts';
import { LEDGER_TABLES } from '../../local/telemetry/ledger-tables.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { EVENT_VIEWS } from './known-events.ts';
import { inOneForm, knownHour } from './known-hour.ts';

const HOUR = 3_600_000;
/** https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html */
const MAX_NAMED_QUERY = 262_144;
const T = Date.UTC(2026, 0, 5, 9);
const folder = scratchFolder();
const { samples, twice, records, events, asked: ASKED, makeLocally, askLocally } = knownHour(folder, T);
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
  const rows = events.flatMap(eventRows);
  for (const table of ['notices', 'transitions', 'commands', 'quarantine'] as const) {
    const cells = rows.filter((row) => row.table === table).map((row) => row.cells);
    // What Lambda or Firehose hands on twice lies there twice.
    await fill(table, EVENT_COLUMNS[table], [...cells, ...cells]);
  }
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

for (const query of EVENT_VIEWS)
  test(`${query.name} of the lake has the columns and the rows of the ledger, each once`, async () => {
    const rows = (await lake.runAndReadAll(statementOf(query, 'athena', ASKED))).getRowObjectsJson();
    assert.ok(rows.length >= 2);
    assert.deepEqual(inOneForm(rows), inOneForm(await askLocally(query)));
  });

test('the tables of the lake have all columns of the ledger under their names', () => {
  for (const [table, { columns }] of Object.entries(LEDGER_TABLES)) {
    const there: readonly string[] = Object.entries(EVENT_TABLES).flatMap(([name, cells]) =>
      name === table ? Object.keys(cells) : [],
    );
    assert.deepEqual(there.slice(0, Object.keys(columns).length), Object.keys(columns));
  }
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

const panel = v.object({
  title: v.string(),
  description: v.string(),
  targets: v.array(v.object({ rawSQL: v.optional(v.string()), rawQuery: v.optional(v.string()) })),
});
const board = v.object({ panels: v.array(panel) });
const BOARDS = new URL('../../infra/grafana/dashboards/', import.meta.url);

/** What Grafana sends of a panel's query: its variables as it writes them, a text box as a literal. */
const asSent = (text: string, cylinder: string): string => {
  const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const sent = text
    .replaceAll('${__from}', String(ASKED.from))
    .replaceAll('${__to}', String(ASKED.to))
    .replaceAll('${cylinder:sqlstring}', literal(cylinder))
    .replaceAll('${site:sqlstring}', literal(''))
    .replaceAll('${database}', 'telemetry');
  assert.doesNotMatch(sent, /\$/);
  return sent;
};

for (const name of readdirSync(BOARDS).toSorted())
  test(`every panel of ${name} asks a saved query, which answers once its variables are filled in`, async () => {
    const { panels } = v.parse(board, JSON.parse(readFileSync(new URL(name, BOARDS), 'utf8')));
    assert.ok(panels.length >= 3);
    for (const { title, description, targets } of panels) {
      const query = savedQueries().find((known) => description.startsWith(`Saved query ${known.name}. `));
      assert.ok(query, title);
      const { rawSQL, rawQuery } = targets[0] ?? {};
      const asked = { from: ASKED.from, to: ASKED.to };
      if (rawSQL !== undefined) {
        const rows = (await lake.runAndReadAll(asSent(rawSQL, ''))).getRowObjectsJson();
        const bound = await lake.runAndReadAll(statementOf(query, 'athena', asked));
        assert.ok(rows.length > 0, title);
        assert.deepEqual(inOneForm(rows), inOneForm(bound.getRowObjectsJson()), title);
        const none = await lake.runAndReadAll(asSent(rawSQL, "x' OR '1'='1"));
        assert.deepEqual(none.getRowObjectsJson(), [], title);
        continue;
      }
      // The text for Timestream is that of the saved query, whose meaning is tried where it is.
      const sent = asSent(rawQuery ?? '', 'cyl-01')
        .replaceAll(/nullif\(('[^']*'), ''\)/g, (_, value: string) =>
          value === "''" ? 'cast(NULL AS varchar)' : value,
        )
        .replaceAll(/\((\d+) - (\d+)\)/g, (_, ms: string, before: string) =>
          String(Number(ms) - Number(before)),
        );
      assert.equal(sent, statementOf(query, 'timestream', { ...asked, cylinder: 'cyl-01' }), title);
    }
  });
