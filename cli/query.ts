import { Command, InvalidArgumentError, Option } from 'commander';
import { type Asked, bind } from '../analysis/bind-query.ts';
import { type SavedQuery, savedQueries, statementOf } from '../analysis/saved-queries.ts';
import { titledTable } from '../local/console/screen.ts';
import { writeParquet } from '../local/telemetry/write-parquet.ts';
import { duration, name as nameOption, parseDuration } from './options/option-value.ts';
import { type AskStore, askLocally, printers, type Row, type StoreQuestion } from './query/print-rows.ts';
import { say, writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

const DAY_MS = 86_400_000;
/** How far back is asked unless it is said. */
const RANGE_MS = 7 * DAY_MS;

/** A time as ms: a date, a date with a time (in UTC unless it says otherwise), or how long ago. */
const time = (text: string): number | Readonly<{ agoMs: number }> => {
  const agoMs = parseDuration(text);
  if (agoMs !== null) return { agoMs };
  const isIso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.test(text);
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes(':') ? text : `${text}Z`;
  const ms = isIso ? Date.parse(zoned.replace(' ', 'T')) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError(
    'Write a time as 2026-11-20, 2026-11-20T13:00 (UTC), or as how long ago: 7d, 12h.',
  );
};
type Time = ReturnType<typeof time>;

const size = (text: string): number => {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|TB)?$/i.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('Write a size as 500MB or 10GB.');
  return Number(amount) * 1000 ** ['B', 'KB', 'MB', 'GB', 'TB'].indexOf(unit.toUpperCase());
};

type Format = keyof typeof printers | 'parquet';

type QueryOptions = Readonly<{
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

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

const printList = (): void => {
  const rows = savedQueries().map(({ name, summary }) => [name, summary.split(/(?<=\.) /)[0] ?? '']);
  for (const line of titledTable([{ title: 'query' }, { title: 'what it answers' }], rows)) writeLine(line);
  say(
    'ask one with: sentinel query NAME [--from 7d] [--to …] [--cylinder …] [--site …]; its columns: docs/queries.md',
  );
};

/** Times in ms; NaN where the store holds no sample. */
type Stored = Readonly<{ first: number; last: number }>;

const storedSpan = async (ask: AskStore): Promise<Stored> => {
  const sql = 'SELECT epoch_ms(min(t)) AS first, epoch_ms(max(t)) AS last FROM samples';
  const [row = {}] = await Array.fromAsync(ask(sql));
  const ms = (value: unknown): number => (value === null || value === undefined ? Number.NaN : Number(value));
  return { first: ms(row.first), last: ms(row.last) };
};

/** What is asked about: unless it is said, a week up to the newest sample. */
const askedOf = (options: QueryOptions, span: Stored): Asked => {
  const newest = Number.isNaN(span.last) ? Date.now() : span.last + 1;
  const at = (value: Time): number => (typeof value === 'number' ? value : newest - value.agoMs);
  const to = options.to === undefined ? newest : at(options.to);
  const from = options.from === undefined ? to - RANGE_MS : at(options.from);
  if (from >= to) throw new UsageError(`--from ${iso(from)} has to be before --to ${iso(to)}`);
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

/** Says how much will be read, and refuses what would be more than the person allows. */
const checkScan = async (
  ask: AskStore,
  sql: string,
  where: string,
  maxScan: number | undefined,
): Promise<void> => {
  if (!/_asked\b|\bsamples\b|\bhours\b/.test(sql)) return;
  const [row = {}] = await Array.fromAsync(ask(`SELECT count(*) AS n FROM samples WHERE ${where}`));
  const bytes = Number(row.n) * SAMPLE_BYTES;
  say(`reads up to ${Number(row.n).toLocaleString('en')} samples, some ${megabytes(bytes)}`);
  if (maxScan !== undefined && bytes > maxScan)
    throw new UsageError(`that is more than --max-scan allows: ask for a shorter time, or for one cylinder`);
};

const print = async (rows: AsyncIterable<Row>, format: keyof typeof printers): Promise<number> => {
  const printer = printers[format]();
  for await (const row of rows) printer.row(row);
  return printer.end();
};

const toFile = async (ask: AskStore, sql: string, path: string | undefined): Promise<number> => {
  if (path === undefined) throw new UsageError('name the file of --format parquet with --out FILE');
  const described = `SELECT column_name, column_type FROM (DESCRIBE ${sql.trim().replace(/;\s*$/, '')})`;
  const columns = (await Array.fromAsync(ask(described))).map((row) => ({
    name: String(row.column_name),
    type: String(row.column_type),
  }));
  const rows = await Array.fromAsync(ask(sql));
  await writeParquet(path, columns, rows);
  say(`${path}: ${columns.length} columns`);
  return rows.length;
};

const answer = async (ask: AskStore, sql: string, { json, format, out }: QueryOptions, fallback: Format) => {
  const form = format ?? (json === true ? 'json' : fallback);
  return form === 'parquet' ? await toFile(ask, sql, out) : await print(ask(sql), form);
};

const answerSaved = async (ask: AskStore, query: SavedQuery, options: QueryOptions): Promise<void> => {
  const span = await storedSpan(ask);
  const asked = askedOf(options, span);
  const sql = statementOf(query, 'duckdb', asked);
  if (options.show === true) {
    writeLine(`${sql};`);
    return;
  }
  const where = bind(
    't >= :from AND t < :to AND (:cylinder IS NULL OR cylinder = :cylinder)',
    'duckdb',
    query.name === 'drift' ? { ...asked, from: asked.reference ?? asked.from - RANGE_MS } : asked,
  );
  say(`${query.name}: ${iso(asked.from)} to ${iso(asked.to)}`);
  await checkScan(ask, sql, where, options.maxScan);
  const startMs = performance.now();
  const count = await answer(ask, sql, options, process.stdout.isTTY ? 'table' : 'csv');
  const seconds = Math.round((performance.now() - startMs) / 100) / 10;
  say(`${count} ${count === 1 ? 'row' : 'rows'} in ${seconds} s`);
  if (count > 0) return;
  say(
    Number.isNaN(span.first)
      ? 'nothing is stored yet'
      : `nothing to say of that: samples are stored from ${iso(span.first)} to ${iso(span.last)}${options.cylinder === undefined ? '' : `; is ${options.cylinder} the name of a cylinder?`}`,
  );
};

const savedNamed = (name: string): SavedQuery => {
  const found = savedQueries().find((query) => query.name === name);
  if (found !== undefined) return found;
  const names = savedQueries().map((query) => query.name);
  const near = names.filter((known) => known.includes(name) || name.includes(known));
  throw new UsageError(
    `there is no saved query ${name}: ${near.length > 0 ? `did you mean ${near.join(' or ')}? ` : ''}sentinel query --list names all; SQL goes behind --sql`,
  );
};

/** `sentinel query NAME` or `--sql "SELECT …"`: ask what has been stored. */
export const queryCommand = (): Command =>
  new Command('query')
    .description('ask what is stored: a saved query by its name, or SQL, whether a pipeline runs or not')
    .argument('[query]', 'a saved query (--list), or one statement of SQL')
    .option('--list', 'the saved queries, and what they answer')
    .option('--sql <statement>', 'one statement; the tables are those of docs/data.md, times are in UTC')
    .option(
      '--from <time>',
      'from when on: 2026-11-20, 2026-11-20T13:00, or how long before the newest sample: 7d',
      time,
    )
    .option('--to <time>', 'until before when, in the same form (default: all up to the newest sample)', time)
    .option(
      '--reference <time>',
      'since when samples are the reference of drift (default: a week before --from)',
      time,
    )
    .option('--cylinder <name>', 'only this one', nameOption)
    .option(
      '--site <name>',
      'only what came by the gateway of this name, or of one that begins with it and a hyphen',
      nameOption,
    )
    .addOption(
      new Option('--format <form>', 'how rows are given (default: table on a terminal, else csv)').choices([
        ...Object.keys(printers),
        'parquet',
      ]),
    )
    .option('--out <file>', 'the file of --format parquet')
    .option('--show', 'print the SQL of the saved query instead of asking it')
    .option('--data <folder>', 'the data folder', 'sentinel-data')
    .option('--json', 'JSON lines: the same as --format json')
    .option('--max-scan <size>', 'refuse what would read more than that: 500MB', size)
    .option('--timeout <duration>', 'how long a pipeline that runs may take for the answer', duration, 60_000)
    .action(async (query: string | undefined, options: QueryOptions) => {
      if (options.list === true) {
        printList();
        return;
      }
      const free = options.sql ?? (query !== undefined && /\s/.test(query.trim()) ? query : undefined);
      if (free === undefined && query === undefined)
        throw new UsageError('name a saved query (sentinel query --list), or give SQL with --sql');
      const question: StoreQuestion = { data: options.data, timeoutMs: options.timeout };
      const ask = askLocally(question);
      if (free === undefined) return await answerSaved(ask, savedNamed(query ?? ''), options);
      if (options.maxScan !== undefined) await checkScan(ask, free, 'true', options.maxScan);
      await answer(ask, free, options, 'csv');
    });
