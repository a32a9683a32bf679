import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { EVENT_COLUMNS, INCIDENT_COLUMNS, SAMPLE_COLUMNS } from '../../aws/firehose/documents.ts';
import { EVENT_TABLES, type EventTable } from '../../aws/telemetry/event-rows.ts';
import { eventRecord } from '../../aws/timestream/event-record.ts';
import { incidentRecord as incidentRow, markRecords, sampleRecord } from '../../aws/timestream/record.ts';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { sqliteCourse } from '../../local/ledger/sqlite-history.ts';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { LEDGER_TABLES } from '../../local/telemetry/ledger-tables.ts';
import { type QueryRow, queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { incidentRecord, RAISED_AT } from '../fixture/incident-record.ts';
import { sample } from '../fixture/stored-sample.ts';
import { TABLE_WORDS } from './table-words.ts';

const folder = scratchFolder();
const telemetryPath = join(folder, 'telemetry.duckdb');
const ledger = openLedgerDatabase({ path: join(folder, 'ledger.sqlite') });

const SAMPLE = sample({ challenger: { model: 'anomaly-detection@1.3.0-rc.1', probability: 0.88 } });
const INCIDENT = incidentRecord({
  lastAbnormalAt: RAISED_AT + 540_000,
  clearedAt: RAISED_AT + 900_000,
  endedBy: 'clearing',
  acknowledgedBy: 'Kim',
  closedBy: 'Kim',
  outcome: 'fault',
  mode: 'seal-leak',
  comment: 'rod seal replaced',
  toldAt: RAISED_AT + 2_000,
  acknowledgedAt: RAISED_AT + 95_000,
  closedAt: RAISED_AT + 7_200_000,
  advice: 'seals',
  why: [0.1, 1.8, 0.2, 0.6, 0.1, -0.1],
  model: 'anomaly-detection@1.2.0',
  policy: '5f2c9a01',
});

const step = (kind: 'raised' | 'acknowledged', at: number, by: string | null, text: string) => ({
  incident: INCIDENT.id,
  event: { kind, at, by, text, channel: null },
});

before(async () => {
  const telemetry = await openDuckDbTelemetry({ path: telemetryPath });
  await telemetry.write([SAMPLE]);
  await telemetry.recordIncident(INCIDENT);
  await telemetry.close();
  const course = sqliteCourse(ledger);
  course.put('cyl-07', step('raised', RAISED_AT, null, '36 of 60 seconds abnormal'));
  course.put('cyl-07', step('acknowledged', RAISED_AT + 95_000, 'Kim', 'on my way'));
  ledger
    .prepare(
      'INSERT INTO sent_notices (subject, id, channel, type, cylinder, gateway, incident, at, sent_at) VALUES (?,?,?,?,?,?,?,?,?)',
    )
    .run(
      'c',
      `${INCIDENT.id}!raised`,
      'console',
      'RAISED',
      'cyl-07',
      null,
      INCIDENT.id,
      RAISED_AT,
      RAISED_AT + 2_000,
    );
  ledger
    .prepare(
      'INSERT INTO quarantine (hash, topic, body, received_at, client, rejections) VALUES (?,?,?,?,?,?)',
    )
    .run(
      new Uint8Array([1]),
      'greengrass/ml/inference/line-3/cyl-07',
      new Uint8Array(212),
      RAISED_AT,
      'line-3',
      JSON.stringify([{ cylinder: 'cyl-07', reason: 'no-probability', detail: 'probability is missing' }]),
    );
});

const ask = (sql: string): Promise<readonly QueryRow[]> =>
  Array.fromAsync(queryTelemetry(telemetryPath, sql, ledger));

type Elsewhere = Readonly<{ timestream: string; athena: string }>;

const isEventTable = (table: string): table is EventTable => table in EVENT_TABLES;

/** A row of a table of what happened with something in each column. */
const fullRow = (table: EventTable) => ({
  table,
  cells: Object.fromEntries(
    Object.entries(EVENT_TABLES[table]).map(([column, type]) => [column, type === 'bigint' ? 1 : 'x']),
  ),
});

const recordsOf = (table: string) => {
  if (isEventTable(table)) return [eventRecord(fullRow(table))];
  return table === 'samples'
    ? [sampleRecord(SAMPLE)]
    : [incidentRow(INCIDENT, RAISED_AT), ...markRecords(INCIDENT, RAISED_AT)];
};

const timestreamNames = (table: string): ReadonlyMap<string, string> => {
  const records = recordsOf(table);
  return new Map(
    records.flatMap(({ Dimensions = [], MeasureValues = [] }) => [
      ...Dimensions.map(({ Name = '' }) => [Name, 'dimension'] as const),
      ...MeasureValues.map(({ Name = '', Type = '' }) => [Name, Type.toLowerCase()] as const),
    ]),
  );
};

/** Where it has another name in Timestream. */
const TIMESTREAM_NAMES: Readonly<Record<string, string>> = {
  'samples.t': 'time',
  'incidents.id': 'incident',
  'incidents.gateway': 'incident_gateway',
  'incidents.model': 'incident_model',
  'notices.id': 'notice',
  'notices.made_at': 'time',
  'transitions.t': 'time',
  'commands.t': 'time',
  'quarantine.received_at': 'time',
};

const lakeColumns = (table: string): readonly Readonly<{ name: string; type: string }>[] | null => {
  if (isEventTable(table)) return EVENT_COLUMNS[table];
  if (table === 'samples') return SAMPLE_COLUMNS;
  return table === 'incidents' ? INCIDENT_COLUMNS : null;
};

/** What a column is called in the stores of AWS, with its type there. */
const elsewhere = (table: string, column: string): Elsewhere | null => {
  const lake = lakeColumns(table);
  if (lake === null) return null;
  const found = lake.find(({ name }) => name === column.toLowerCase());
  assert.ok(found, `${table}.${column} is not in the lake`);
  const name = TIMESTREAM_NAMES[`${table}.${column}`] ?? column;
  const type = name === 'time' ? 'timestamp' : timestreamNames(table).get(name === 'why' ? 'why1' : name);
  assert.ok(type, `${table}.${column} is not in Timestream`);
  return {
    timestream: `${name === 'why' ? '`why1` … `why6`' : `\`${name}\``} ${type}`,
    athena: `\`${found.name}\` ${found.type}`,
  };
};

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('|', '\\|');
};

const tableText = async (table: string): Promise<string> => {
  const { row, columns = {} } = TABLE_WORDS[table] ?? { row: '' };
  const types = await ask(`SELECT column_name, column_type FROM (DESCRIBE ${table})`);
  const [example = {}] = await ask(`FROM ${table}`);
  assert.deepEqual(
    types.map(({ column_name }) => String(column_name)).toSorted(),
    Object.keys(columns).toSorted(),
    `the columns of ${table} and their words`,
  );
  const onAws = elsewhere(table, Object.keys(columns)[0] ?? '') !== null;
  const heads = ['column', 'type', ...(onAws ? ['in Timestream', 'in Athena'] : []), 'meaning', 'example'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `### \`${table}\``,
    '',
    row,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...types.map(({ column_name, column_type }) => {
      const name = String(column_name);
      const there = elsewhere(table, name);
      return line([
        `\`${name}\``,
        String(column_type),
        ...(there === null ? [] : [there.timestream, there.athena]),
        columns[name] ?? '',
        shown(example[name]),
      ]);
    }),
  ].join('\n');
};

const DOC = new URL('../../docs/data.md', import.meta.url);
const MARKED =
  /(<!-- tables: written by test\/analysis\/tables-doc\.test\.ts -->\n).*(\n<!-- end of tables -->)/s;

test('docs/data.md has every table that can be asked, with types, names on AWS, meaning and an example of each column', async () => {
  assert.deepEqual(
    Object.keys(TABLE_WORDS).toSorted(),
    ['samples', 'hours', 'incidents', ...Object.keys(LEDGER_TABLES)].toSorted(),
  );
  const tables = await Array.fromAsync(Object.keys(TABLE_WORDS), tableText);
  const before = readFileSync(DOC, 'utf8');
  assert.match(before, MARKED);
  const doc = before.replace(
    MARKED,
    (_, first: string, last: string) => `${first}\n${tables.join('\n\n')}\n${last}`,
  );
  if (process.env.SENTINEL_WRITE_DOCS === '1') writeFileSync(DOC, doc);
  assert.equal(
    before === doc || process.env.SENTINEL_WRITE_DOCS === '1',
    true,
    'SENTINEL_WRITE_DOCS=1 npm run test:queries writes it anew',
  );
});
