import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import {
  type ExportProgress,
  type ExportQuestion,
  exportStore,
  readExportProgress,
} from '../local/exchange/export-folder.ts';
import {
  type ImportProgress,
  type ImportQuestion,
  importIntoFolder,
  readImportProgress,
} from '../local/exchange/import-folder.ts';
import { askDataFolder } from '../local/keep/data-socket.ts';
import { filesIn, openDataFolder } from '../local/run/data-folder.ts';
import { LocalError } from '../local/run/local-error.ts';
import { name } from './options/option-value.ts';
import { askLocally } from './query/print-rows.ts';
import { iso, rangeOf, storedSpan, type Time, time } from './query/time-range.ts';
import { DEFAULT_FOLDER } from './run/run-options.ts';
import { createProgressLine, say, writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

/** A question to a pipeline that runs on a folder or, where none does, to its files. */
async function* askEither<T>(
  data: string,
  question: Readonly<{ ask: string; with: unknown }>,
  read: (value: unknown) => T,
  alone: () => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  try {
    for await (const value of askDataFolder(data, question)) yield read(value);
    return;
  } catch (error) {
    if (!(error instanceof LocalError) || error.code !== 'NotRunning') throw error;
  }
  yield* alone();
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** Shows progress on a terminal; resolves with how it ended. */
const follow = async <T>(values: AsyncIterable<T>, words: (value: T) => string): Promise<T | null> => {
  const line = createProgressLine(process.stderr);
  let last: T | null = null;
  try {
    for await (const value of values) {
      last = value;
      line.show(words(value));
    }
  } finally {
    line.end();
  }
  return last;
};

type ExportOptions = Readonly<{ data: string; out: string; from?: Time; to?: Time; cylinder?: string }>;

const TIMEOUT_MS = 600_000;

const exportSamples = async ({ data, out, cylinder, ...range }: ExportOptions): Promise<void> => {
  const span = await storedSpan(askLocally({ data, timeoutMs: TIMEOUT_MS }));
  if (Number.isNaN(span.first)) throw new UsageError(`nothing is stored in ${data} yet`);
  const { from, to } = rangeOf(range, span, span.last + 1 - span.first);
  say(`samples taken and incidents raised from ${iso(from)} to ${iso(to)}`);
  const question: ExportQuestion = { to: resolve(out), fromMs: from, toMs: to, cylinder: cylinder ?? null };
  const words = ({ files, ofFiles, samples }: ExportProgress): string =>
    `${files} of ${counted(ofFiles, 'file')}, ${counted(samples, 'sample')}`;
  const exported = await follow(
    askEither(data, { ask: 'export', with: question }, readExportProgress, () =>
      exportStore(filesIn(data).telemetry, question),
    ),
    words,
  );
  if (exported === null) return;
  writeLine(
    `${out}: ${counted(exported.samples, 'sample')} in ${counted(exported.files, 'file')}, ${counted(exported.incidents, 'incident')}`,
  );
  if (exported.samples === 0)
    say(`nothing of that is stored: samples are there from ${iso(span.first)} to ${iso(span.last)}`);
};

/** `sentinel export`: what is stored as a folder of Parquet, whether a pipeline runs on it or not. */
export const exportCommand = (): Command =>
  new Command('export')
    .description(
      'write samples and incidents as Parquet by day and cylinder, for DuckDB, pandas, Athena and sentinel import',
    )
    .requiredOption('--out <folder>', 'where to; empty or not there yet, or an export that was broken off')
    .option(
      '--from <time>',
      'from when on: 2026-11-20, 2026-11-20T13:00, or how long before the newest: 7d',
      time,
    )
    .option('--to <time>', 'until before when, in the same form (default: all)', time)
    .option('--cylinder <name>', 'only this one', name)
    .option('--data <folder>', 'the data folder', DEFAULT_FOLDER)
    .action(exportSamples);

type ImportOptions = Readonly<{ data: string; partial?: boolean }>;

const importSamples = async (folder: string, { data, partial = false }: ImportOptions): Promise<void> => {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  const question: ImportQuestion = { from: resolve(folder), partial };
  const words = ({ files, ofFiles, stored, repeated }: ImportProgress): string =>
    `${files} of ${counted(ofFiles, 'file')}, ${counted(stored, 'sample')} new, ${repeated.toLocaleString('en')} known`;
  const done = await follow(
    askEither(data, { ask: 'import', with: question }, readImportProgress, () =>
      importIntoFolder(openDataFolder(data), question),
    ),
    words,
  );
  if (done === null) return;
  writeLine(
    `${data}: ${counted(done.stored, 'sample')} new, ${done.repeated.toLocaleString('en')} were stored already; ${counted(done.incidents, 'incident')} new or further on`,
  );
  if (done.refused === 0) return;
  for (const reason of done.reasons) say(`refused: ${reason}`);
  throw new LocalError(
    'Refused',
    `${counted(done.refused, 'row was', 'rows were')} refused; all others are in`,
  );
};

/** `sentinel import`: samples and incidents of an export into a data folder, each once. */
export const importCommand = (): Command =>
  new Command('import')
    .description('take samples and incidents of an export in, each once, whether a pipeline runs or not')
    .argument('<folder>', 'an export, what --export-to wrote, or a Parquet file with the same columns')
    .option('--partial', 'also what is there of an export that was broken off')
    .option('--data <folder>', 'the data folder they go into, made where it is not there', DEFAULT_FOLDER)
    .action(importSamples);
