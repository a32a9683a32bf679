import type { Asked } from '../../analysis/bind-query.ts';
import { asksView, type SavedQuery, savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import { titledTable } from '../../local/console/screen.ts';
import { writeParquet } from '../../local/telemetry/write-parquet.ts';
import type { AwsOptions } from '../options/aws-options.ts';
import { say, writeLine } from '../terminal/output.ts';
import { UsageError } from '../terminal/usage-error.ts';
import type { AwsStore } from './ask-aws.ts';
import type { AskStore } from './print-rows.ts';
import { printers, type Row } from './print-rows.ts';
import { iso, newestOf, rangeOf, type Stored, storedSpan, type Time } from './time-range.ts';

/** How far back is asked unless it is said. */
const RANGE_MS = 7 * 86_400_000;

export type Format = keyof typeof printers | 'parquet';

/** A store that is asked: the data folder of one machine, or that of a stack. */
export type Store = Readonly<{ dialect: 'duckdb'; ask: AskStore }> | AwsStore;

export type QueryOptions = AwsOptions &
  Readonly<{
    aws?: boolean;
    stage: string;
    stack?: string;
    data: string;
    list?: boolean;
    sql?: string;
    show?: boolean;
    from?: Time;
    to?: Time;
    reference?: Time;
    cylinder?: string;
    site?: string;
    format?: Format;
    json?: boolean;
    out?: string;
    timeout: number;
    maxScan?: number;
  }>;

export const printList = (): void => {
  const rows = savedQueries().map(({ name, summary }) => [name, summary.split(/(?<=\.) /)[0] ?? '']);
  for (const line of titledTable([{ title: 'query' }, { title: 'what it answers' }], rows)) writeLine(line);
  say(
    'ask one with: sentinel query NAME [--from 7d] [--to …] [--cylinder …] [--site …]; its columns: docs/queries.md',
  );
};

/** What is asked about: unless it is said, a week up to the newest sample. */
const askedOf = (options: QueryOptions, span: Stored): Asked => {
  const { from, to } = rangeOf(options, span, RANGE_MS);
  const at = (value: Time): number => (typeof value === 'number' ? value : newestOf(span) - value.agoMs);
  return {
    from,
    to,
    ...(options.reference === undefined ? {} : { reference: at(options.reference) }),
    ...(options.cylinder === undefined ? {} : { cylinder: options.cylinder }),
    ...(options.site === undefined ? {} : { site: options.site }),
  };
};

/** What a sample takes in the store, compressed, with what explains it. */
const SAMPLE_BYTES = 60;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e5) / 10} MB`;

/** How many samples a statement may read: of one that reads hours alone, those that are not rolled up yet. */
const samplesRead = (sql: string, asked: Asked | null, query: SavedQuery | null): string => {
  if (asked === null || query === null)
    return /\bsamples\b|\bhours\b/.test(sql) ? 'SELECT count(*) AS n FROM samples' : 'SELECT 0 AS n';
  // What reads all samples that are asked about, and what those alone of which no hour is rolled up.
  const views = ['samples_asked', 'samples_before'].filter((view) => asksView(query.text, view));
  if (asksView(sql, 'short_samples_asked')) views.push('short_samples_asked');
  const few = ['undetailed', 'unrolled'].find((view) => asksView(sql, `${view}_asked`));
  if (few !== undefined) views.push(`${few}_asked`);
  if (asksView(sql, 'undetailed_before')) views.push('undetailed_before');
  const counts = views.map((view) => `(SELECT count(*) FROM ${view})`);
  // Of what is near an incident the samples of all hours that have some of it: known without reading them.
  if (asksView(sql, 'near_asked'))
    counts.push(
      `(SELECT coalesce(sum(samples), 0) FROM hours_asked WHERE EXISTS (
        SELECT 1 FROM stretches_asked AS s
        WHERE s.cylinder = hours_asked.cylinder AND hour < s.until AND hour + INTERVAL 1 HOUR > s.since))`,
    );
  if (counts.length === 0) return 'SELECT 0 AS n';
  return statementOf({ ...query, text: `SELECT ${counts.join(' + ')} AS n` }, 'duckdb', asked);
};

/** Says how much will be read, and refuses what would be more than the person allows. */
const checkScan = async (
  ask: AskStore,
  sql: string,
  asked: Asked | null,
  query: SavedQuery | null,
  maxScan: number | undefined,
): Promise<void> => {
  const [row = {}] = await Array.fromAsync(ask(samplesRead(sql, asked, query)));
  const samples = Number(row.n);
  const bytes = samples * SAMPLE_BYTES;
  if (samples > 0) say(`reads up to ${samples.toLocaleString('en')} samples, some ${megabytes(bytes)}`);
  if (maxScan !== undefined && bytes > maxScan)
    throw new UsageError(`that is more than --max-scan allows: ask for a shorter time, or for one cylinder`);
};

const print = async (rows: AsyncIterable<Row>, format: keyof typeof printers): Promise<number> => {
  const printer = printers[format]();
  for await (const row of rows) printer.row(row);
  return printer.end();
};

const toFile = async ({ ask, dialect }: Store, sql: string, path: string | undefined): Promise<number> => {
  if (path === undefined) throw new UsageError('name the file of --format parquet with --out FILE');
  const described = `SELECT column_name, column_type FROM (DESCRIBE ${sql.trim().replace(/;\s*$/, '')})`;
  const columns =
    dialect === 'duckdb'
      ? (await Array.fromAsync(ask(described))).map((row) => ({
          name: String(row.column_name),
          type: String(row.column_type),
        }))
      : [];
  const rows = await Array.fromAsync(ask(sql));
  await writeParquet(path, columns, rows);
  say(`written to ${path}`);
  return rows.length;
};

const answer = async (store: Store, sql: string, { json, format, out }: QueryOptions, fallback: Format) => {
  const form = format ?? (json === true ? 'json' : fallback);
  return form === 'parquet' ? await toFile(store, sql, out) : await print(store.ask(sql), form);
};

/** Why there is nothing to say, in words of what was asked. */
const nothingOf = (query: SavedQuery, asked: Asked, span: Stored): string => {
  if (Number.isNaN(span.first)) return 'nothing is stored yet';
  const reference = asked.reference ?? asked.from - RANGE_MS;
  if (query.name === 'drift' && asked.from <= span.first)
    return `nothing to compare with: no sample is stored from ${iso(reference)} to ${iso(asked.from)}; ask with a later --from, or with --reference TIME`;
  const doubts = [
    ...(asked.cylinder === undefined ? [] : [`; is ${asked.cylinder} the name of a cylinder?`]),
    ...(asked.site === undefined
      ? []
      : [`; is ${asked.site} a gateway, or what its name begins with before a hyphen?`]),
  ];
  return `nothing to say of that: samples are stored from ${iso(span.first)} to ${iso(span.last)}${doubts.join('')}`;
};

/** Refuses a reference where none is compared with, or one that is no time before. */
const checkReference = (query: SavedQuery, { from, reference }: Asked): void => {
  if (reference === undefined) return;
  if (query.name !== 'drift') throw new UsageError('--reference is for the saved query drift');
  if (reference >= from)
    throw new UsageError(`--reference ${iso(reference)} has to be before --from ${iso(from)}`);
};

/** Answers a saved query, and says what it was asked about, what was read and how long it took. */
export const answerSaved = async (store: Store, query: SavedQuery, options: QueryOptions): Promise<void> => {
  const { ask, dialect } = store;
  const isLocal = dialect === 'duckdb';
  const span = isLocal ? await storedSpan(ask) : { first: Number.NaN, last: Date.now() - 1 };
  const asked = { ...askedOf(options, span), ...('database' in store ? { database: store.database } : {}) };
  checkReference(query, asked);
  const sql = statementOf(query, dialect, asked);
  if (options.show === true) {
    writeLine(`${sql};`);
    return;
  }
  say(`${query.name}: ${iso(asked.from)} to ${iso(asked.to)}`);
  if (isLocal) await checkScan(ask, sql, asked, query, options.maxScan);
  const startMs = performance.now();
  const count = await answer(store, sql, options, process.stdout.isTTY ? 'table' : 'csv');
  const seconds = Math.round((performance.now() - startMs) / 100) / 10;
  say(`${count} ${count === 1 ? 'row' : 'rows'} in ${seconds} s`);
  if (count > 0) return;
  if (!isLocal) say('nothing to say of that: nothing of it is stored, or not yet');
  else say(nothingOf(query, asked, span));
};

export const savedNamed = (name: string): SavedQuery => {
  const found = savedQueries().find((query) => query.name === name);
  if (found !== undefined) return found;
  const names = savedQueries().map((query) => query.name);
  const near = names.filter((known) => known.includes(name) || name.includes(known));
  throw new UsageError(
    `there is no saved query ${name}: ${near.length > 0 ? `did you mean ${near.join(' or ')}? ` : ''}sentinel query --list names all; SQL goes behind --sql`,
  );
};

/** Answers one statement of free SQL. */
export const answerSql = async (store: Store, sql: string, options: QueryOptions): Promise<void> => {
  if (options.maxScan !== undefined && store.dialect === 'duckdb')
    await checkScan(store.ask, sql, null, null, options.maxScan);
  await answer(store, sql, options, 'csv');
};
