import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { type IncidentRecord, NO_MARKS } from '../../domain/incident/incident-record.ts';
import { LATEST_MS, SENSORS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { LocalError } from '../run/local-error.ts';
import { incidentOfRow } from '../telemetry/read-incidents.ts';
import { quoted } from '../telemetry/telemetry-schema.ts';

/** A Parquet file of an export, by its name within the folder, and what it holds. */
export type ExchangeFile = Readonly<{
  name: string;
  path: string;
  kind: 'samples' | 'incidents';
  types: ReadonlyMap<string, string>;
  /** The cylinder that its path names, for files that do not. */
  cylinder: string | null;
}>;

/** What a row holds, or why it cannot be taken. */
export type Understood<T> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false; reason: string }>;

const SETTINGS = { threads: '1', memory_limit: '256MB', autoinstall_known_extensions: 'false' };

/** A DuckDB that holds nothing and reads Parquet. */
export const openReader = async () => {
  const instance = await DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await instance.connect();
  return {
    connection,
    close: (): void => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};

const cylinderOf = (name: string): string | null => {
  const part = name.split(sep).find((one) => one.startsWith('cylinder='));
  if (part === undefined) return null;
  try {
    return decodeURIComponent(part.slice('cylinder='.length));
  } catch {
    return null;
  }
};

const SAMPLE_COLUMNS = ['t', 'gateway', 'probability', 'received_at', ...SENSORS];
const INCIDENT_COLUMNS = ['id', 'cylinder', 'began_at', 'raised_at', 'severity', 'reopenings'];

const lacking = (names: readonly string[], types: ReadonlyMap<string, string>): readonly string[] =>
  names.filter((name) => !types.has(name.toLowerCase()));

const describe = async (
  connection: DuckDBConnection,
  folder: string,
  path: string,
): Promise<ExchangeFile> => {
  const name = relative(folder, path) || path;
  // What stands in the path is read here: an option that reads it would read names above the folder as well.
  const from = `read_parquet(${quoted(path)}, hive_partitioning = false)`;
  const rows = await connection
    .runAndReadAll(`SELECT lower(column_name), column_type FROM (DESCRIBE FROM ${from})`)
    .catch((error: unknown) => {
      throw new LocalError('Foreign', `${name} cannot be read as Parquet`, error);
    });
  const types = new Map(rows.getRows().map(([column, type]) => [String(column), String(type)]));
  const cylinder = types.has('cylinder') ? null : cylinderOf(name);
  if (lacking(INCIDENT_COLUMNS, types).length === 0)
    return { name, path, kind: 'incidents', types, cylinder: null };
  const missing = lacking(SAMPLE_COLUMNS, types).concat(
    cylinder === null && !types.has('cylinder') ? ['cylinder'] : [],
  );
  if (missing.length === 0) return { name, path, kind: 'samples', types, cylinder };
  throw new LocalError(
    'Foreign',
    `${name} holds neither samples nor incidents of this program: it has no column ${missing.join(', ')}`,
  );
};

/** The Parquet files of a folder, or a single one. Throws one line where one of them is of something else. */
export const filesOf = async (
  connection: DuckDBConnection,
  place: string,
): Promise<readonly ExchangeFile[]> => {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw new LocalError('NoFolder', `there is nothing at ${place}`);
  if (!found.isDirectory()) return [await describe(connection, '', place)];
  const paths = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .toSorted()
    .map((name) => join(place, name));
  if (paths.length === 0) throw new LocalError('NoFolder', `there is no Parquet file in ${place}`);
  const files: ExchangeFile[] = [];
  for (const path of paths) files.push(await describe(connection, place, path));
  return files;
};

/** A column as a time in ms: of a lake it is one already. A column that the file lacks is NULL. */
const ms = (name: string, types: ReadonlyMap<string, string>): string => {
  const type = types.get(name.toLowerCase());
  if (type === undefined) return 'NULL';
  return /^(BIGINT|DOUBLE)$/.test(type) ? `"${name}"::DOUBLE` : `epoch_ms("${name}"::TIMESTAMP)::DOUBLE`;
};

const column = (name: string, type: string, types: ReadonlyMap<string, string>): string =>
  types.has(name.toLowerCase()) ? `"${name}"::${type}` : 'NULL';

const numberOrNull = (value: DuckDBValue | undefined): number | null =>
  typeof value === 'number' ? value : null;
const textOrNull = (value: DuckDBValue | undefined): string | null =>
  typeof value === 'string' ? value : null;

const isFiniteOrNull = (value: number | null): boolean => value === null || Number.isFinite(value);

const faultOf = ({
  cylinder,
  gateway,
  t,
  seq,
  values,
  probability,
  why,
  receivedAt,
}: StoredSample): string => {
  if (!isName(cylinder)) return 'its cylinder is no name';
  if (!isName(gateway)) return 'its gateway is no name';
  if (!Number.isInteger(t) || Math.abs(t) > LATEST_MS) return 't is no time';
  if (!Number.isInteger(receivedAt) || Math.abs(receivedAt) > LATEST_MS) return 'received_at is no time';
  if (seq !== null && !Number.isSafeInteger(seq)) return 'seq is no whole number';
  if (!(probability >= 0 && probability <= 1)) return 'probability is not between 0 and 1';
  if (!values.every(isFiniteOrNull)) return 'a sensor is not a finite number';
  return why !== null && (why.length !== SENSORS.length || !why.every(Number.isFinite))
    ? `why is not ${SENSORS.length} numbers`
    : '';
};

const sampleOfRow = (row: readonly DuckDBValue[], named: string | null): Understood<StoredSample> => {
  const [cylinder, gateway, t, boot, seq, model, probability, receivedAt, whyText, ...rest] = row;
  const [challenger, tried] = rest.slice(SENSORS.length);
  const why: unknown = typeof whyText === 'string' ? JSON.parse(whyText) : null;
  const value: StoredSample = {
    cylinder: named ?? textOrNull(cylinder) ?? '',
    gateway: textOrNull(gateway) ?? '',
    t: numberOrNull(t) ?? Number.NaN,
    boot: textOrNull(boot),
    seq: numberOrNull(seq),
    model: textOrNull(model),
    probability: numberOrNull(probability) ?? Number.NaN,
    receivedAt: numberOrNull(receivedAt) ?? Number.NaN,
    why: Array.isArray(why) ? why.map((one) => (typeof one === 'number' ? one : Number.NaN)) : null,
    values: rest.slice(0, SENSORS.length).map(numberOrNull),
    // What a model on trial says amiss is left out, as it is where samples come in.
    ...(typeof challenger === 'string' && typeof tried === 'number' && tried >= 0 && tried <= 1
      ? { challenger: { model: challenger, probability: tried } }
      : {}),
  };
  const reason = faultOf(value);
  return reason === '' ? { ok: true, value } : { ok: false, reason };
};

/** The samples of a file, some thousand at a time, in its order. */
export async function* samplesOf(
  connection: DuckDBConnection,
  { path, types, cylinder }: ExchangeFile,
): AsyncGenerator<readonly Understood<StoredSample>[], void> {
  const columns = [
    column('cylinder', 'VARCHAR', types),
    column('gateway', 'VARCHAR', types),
    ms('t', types),
    column('boot', 'VARCHAR', types),
    column('seq', 'DOUBLE', types),
    column('model', 'VARCHAR', types),
    column('probability', 'DOUBLE', types),
    ms('received_at', types),
    types.has('why') ? '"why"::DOUBLE[]::JSON::VARCHAR' : 'NULL',
    ...SENSORS.map((sensor) => column(sensor, 'DOUBLE', types)),
    column('challenger', 'VARCHAR', types),
    column('challenger_probability', 'DOUBLE', types),
  ];
  const result = await connection.stream(
    `SELECT ${columns.join(', ')} FROM read_parquet(${quoted(path)}, hive_partitioning = false)`,
  );
  for await (const rows of result.yieldRows()) yield rows.map((row) => sampleOfRow(row, cylinder));
}

const TIMES = [
  'began_at',
  'raised_at',
  'last_abnormal_at',
  'cleared_at',
  'told_at',
  'acknowledged_at',
  'closed_at',
];
const TEXTS = [
  'gateway',
  'ended_by',
  'acknowledged_by',
  'closed_by',
  'outcome',
  'mode',
  'comment',
  'advice',
  'model',
  'policy',
];

/** The incidents of a file. */
export const incidentsOf = async (
  connection: DuckDBConnection,
  { path, types }: ExchangeFile,
): Promise<readonly Understood<IncidentRecord>[]> => {
  const columns = [
    'id::VARCHAR AS id',
    'cylinder::VARCHAR AS cylinder',
    'severity::VARCHAR AS severity',
    'reopenings::INTEGER AS reopenings',
    ...TIMES.map((name) => `epoch_ms((${ms(name, types)})::BIGINT) AS ${name}`),
    ...TEXTS.map((name) => `${column(name, 'VARCHAR', types)} AS ${name}`),
    `${column('why', 'DOUBLE[]', types)} AS why`,
  ];
  const result = await connection.runAndReadAll(
    `SELECT ${columns.join(', ')} FROM read_parquet(${quoted(path)}, hive_partitioning = false)`,
  );
  return result.getRowObjectsJS().map((row): Understood<IncidentRecord> => {
    try {
      const value = { ...NO_MARKS, ...incidentOfRow(row) };
      return isName(value.cylinder) ? { ok: true, value } : { ok: false, reason: 'its cylinder is no name' };
    } catch {
      return { ok: false, reason: 'it is not what an incident holds' };
    }
  });
};
