import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { withAwsOptions } from './options/aws-options.ts';
import { duration, name as nameOption } from './options/option-value.ts';
import {
  answerSaved,
  answerSql,
  printList,
  type QueryOptions,
  type Store,
  savedNamed,
} from './query/answer-query.ts';
import { askLocally, printers } from './query/print-rows.ts';
import { time } from './query/time-range.ts';
import { UsageError } from './terminal/usage-error.ts';

const size = (text: string): number => {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|TB)?$/i.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('Write a size as 500MB or 10GB.');
  return Number(amount) * 1000 ** ['B', 'KB', 'MB', 'GB', 'TB'].indexOf(unit.toUpperCase());
};

/** What says of a saved query what it is asked about, and does nothing to SQL. */
const OF_SAVED = ['from', 'to', 'reference', 'cylinder', 'site', 'show'] as const;

/** Refuses what would be given in vain, and a file that cannot be written, before anything is asked. */
const checkOptions = (free: string | undefined, query: string | undefined, options: QueryOptions): void => {
  if (free === undefined && (query ?? '') === '')
    throw new UsageError('name a saved query (sentinel query --list), or give SQL with --sql');
  if (options.sql !== undefined && query !== undefined)
    throw new UsageError('ask a saved query or --sql, one at a time');
  const vain = OF_SAVED.find((name) => options[name] !== undefined);
  if (free !== undefined && vain !== undefined)
    throw new UsageError(`--${vain} is for saved queries: say it in the SQL, with WHERE`);
  const isParquet = options.format === 'parquet';
  if (options.out !== undefined && !isParquet)
    throw new UsageError(
      '--out is for --format parquet: what else is asked for is printed, so put > FILE behind it',
    );
  if (isParquet && options.out === undefined)
    throw new UsageError('name the file of --format parquet with --out FILE');
  if (options.out === undefined) return;
  if (!existsSync(dirname(options.out)))
    throw new UsageError(`there is no folder ${dirname(options.out)}: make it first`);
  if (statSync(options.out, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new UsageError(`${options.out} is a folder: name a file in it`);
};

/** `sentinel query NAME` or `--sql "SELECT …"`: ask what has been stored. */
export const queryCommand = (): Command =>
  withAwsOptions(new Command('query'))
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
    .option(
      '--aws',
      'ask the store of a stack, Timestream or a lake through Athena, in place of a data folder',
    )
    .option('--stage <name>', 'the stage of that stack', 'dev')
    .option('--stack <name>', 'its name, where it is another than that of the stage')
    .option('--data <folder>', 'the data folder', 'sentinel-data')
    .option('--json', 'JSON lines: the same as --format json')
    .option('--max-scan <size>', 'refuse what would read more than that, or stop it on AWS: 500MB', size)
    .addOption(
      new Option('--timeout <duration>', 'how long a pipeline that runs may take for the answer')
        .argParser(duration)
        .default(60_000, '1m'),
    )
    .action(async (query: string | undefined, options: QueryOptions) => {
      if (options.list === true) {
        printList();
        return;
      }
      const free = options.sql ?? (query !== undefined && /\s/.test(query.trim()) ? query : undefined);
      checkOptions(free, query, options);
      const saved = free === undefined ? savedNamed(query ?? '') : null;
      const store: Store =
        options.aws === true
          ? await (await import('./query/ask-aws.ts')).awsStore(options)
          : { dialect: 'duckdb', ask: askLocally({ data: options.data, timeoutMs: options.timeout }) };
      if (saved !== null) await answerSaved(store, saved, options);
      else await answerSql(store, free ?? '', options);
    });
