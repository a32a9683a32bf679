import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import { createTimestreamTelemetry } from '../../aws/timestream/telemetry.ts';
import { clientSettings } from '../aws/start-server.ts';
import type { WireRecord } from '../aws/timestream/input.ts';
import { startTimestream, type TimestreamService } from '../aws/timestream/service.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { EVENT_VIEWS } from './known-events.ts';
import { inOneForm, knownHour } from './known-hour.ts';

const HOUR_MS = 3_600_000;
const hour = knownHour(scratchFolder(), Date.UTC(2026, 0, 5, 9));
const TYPES: Readonly<Record<string, string>> = {
  BIGINT: 'BIGINT',
  DOUBLE: 'DOUBLE',
  VARCHAR: 'VARCHAR',
  TIMESTAMP: 'TIMESTAMP',
};

let service: TimestreamService;
let client: TimestreamWriteClient;
const databases: Readonly<Record<'empty' | 'filled', DuckDBConnection | null>> = {
  empty: null,
  filled: null,
};

type Column = readonly [name: string, type: string, value: string];

const columnsOf = ({ MeasureName = '', Time = '0', Dimensions = [], MeasureValues = [] }: WireRecord) => {
  const time = new Date(Number(BigInt(Time) / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '');
  // Below the millisecond stands a number of the sample: a microsecond is as far as DuckDB reads it.
  const micros = String((BigInt(Time) / 1000n) % 1000n).padStart(3, '0');
  return [
    ['measure_name', 'VARCHAR', MeasureName],
    ['time', 'TIMESTAMP', `${time}${micros}`],
    ...Dimensions.map(({ Name, Value }): Column => [Name, 'VARCHAR', Value]),
    ...MeasureValues.map(({ Name, Type, Value }): Column => [Name, Type, Value]),
  ] satisfies readonly Column[];
};

/** A table as Timestream answers for it: a column for each name that was ever written. */
const makeTable = async (
  database: DuckDBConnection,
  table: string,
  records: readonly WireRecord[],
): Promise<void> => {
  const rows = records.map((record) => columnsOf(record));
  const types = new Map(rows.flat().map(([name, type]) => [name, TYPES[type] ?? 'VARCHAR']));
  const names = [...types.keys()];
  const definitions = names.map((name) => `"${name}" ${types.get(name)}`).join(', ');
  await database.run(`CREATE TABLE "telemetry"."${table}" (${definitions})`);
  const literal = (value: string | undefined): string =>
    value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
  const tuples = rows.map((row) => {
    const values = new Map(row.map(([name, , value]) => [name, value]));
    return `(${names.map((name) => literal(values.get(name))).join(', ')})`;
  });
  await database.run(`INSERT INTO "telemetry"."${table}" VALUES ${tuples.join(', ')}`);
};

/**
 * What the service holds, in DuckDB: of Timestream's functions that the texts use it lacks from_milliseconds alone.
 * https://docs.aws.amazon.com/timestream/latest/developerguide/date-time-functions.html
 */
const inDuckDb = async (): Promise<DuckDBConnection> => {
  const database = await (await DuckDBInstance.create(':memory:')).connect();
  await database.run("SET TimeZone = 'UTC'");
  await database.run('CREATE MACRO from_milliseconds(ms) AS epoch_ms(CAST(ms AS BIGINT))');
  await database.run('CREATE SCHEMA "telemetry"');
  for (const table of ['samples', 'incidents'])
    await makeTable(database, table, [...service.table(table).values()]);
  return database;
};

before(async () => {
  await hour.makeLocally();
  service = await startTimestream();
  client = new TimestreamWriteClient(clientSettings(service.endpoint));
  const telemetry = createTimestreamTelemetry({
    client,
    database: 'telemetry',
    table: 'samples',
    incidentsTable: 'incidents',
    namesColumns: true,
  });
  await telemetry.write(hour.samples.slice(1, 2));
  Object.assign(databases, { empty: await inDuckDb() });
  await telemetry.write(hour.samples);
  await telemetry.write(hour.twice);
  for (const record of hour.records) await telemetry.recordIncident(record);
  // What Lambda hands on twice is there once.
  for (const _ of [1, 2]) await telemetry.recordEvents(hour.events);
  Object.assign(databases, { filled: await inDuckDb() });
});
after(async () => {
  client.destroy();
  await service.close();
});

const ask = async (database: keyof typeof databases, sql: string) =>
  (await databases[database]?.runAndReadAll(sql))?.getRowObjectsJson() ?? [];

for (const query of [...savedQueries(), ...EVENT_VIEWS])
  test(`${query.name} says the same in its text for Timestream, on the records that the adapter writes`, async () => {
    const rows = await ask('filled', statementOf(query, 'timestream', hour.asked));
    assert.ok(rows.length > 0);
    assert.deepEqual(inOneForm(rows), inOneForm(await hour.askLocally(query)));
  });

for (const query of [...savedQueries(), ...EVENT_VIEWS])
  test(`${query.name} is answered by Timestream before there is an incident`, async () => {
    const rows = await ask('empty', statementOf(query, 'timestream', hour.asked));
    assert.ok(rows.length <= 1);
  });

test('one site, and one cylinder, are asked about alone', async () => {
  const of = async (name: string, more: Readonly<{ site?: string; cylinder?: string }>) => {
    const [query] = [...savedQueries(), ...EVENT_VIEWS].filter((known) => known.name === name);
    assert.ok(query);
    return (await ask('filled', statementOf(query, 'timestream', { ...hour.asked, ...more }))).length;
  };
  for (const name of ['incidents', 'timeline', 'notices_asked', 'transitions_asked', 'commands_asked']) {
    assert.ok((await of(name, { site: 'line' })) > 0, name);
    assert.equal(await of(name, { site: 'hall' }), 0, name);
    assert.ok((await of(name, { cylinder: 'cyl-01' })) > 0, name);
    assert.equal(await of(name, { cylinder: 'cyl-03' }), 0, name);
  }
});

test('of what was stored before notices were, the first notice of an incident is known', async () => {
  const [alarmLoad] = savedQueries().filter(({ name }) => name === 'alarm-load');
  assert.ok(alarmLoad);
  const text = statementOf(alarmLoad, 'timestream', { ...hour.asked, to: hour.asked.from + HOUR_MS });
  const database = databases.filled;
  await database?.run('BEGIN');
  await database?.run(`DELETE FROM "telemetry"."incidents" WHERE measure_name = 'notice'`);
  const [row] = await ask('filled', text);
  await database?.run('ROLLBACK');
  assert.equal(Number(row?.notices), 1);
});
