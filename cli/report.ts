import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Asked } from '../analysis/bind-query.ts';
import { optionText } from '../domain/printable.ts';
import { LocalError } from '../local/run/local-error.ts';
import { LANGUAGES, type Language } from '../notification/locales/languages.ts';
import { gatherReport, type ReportData, type ReportStore } from '../report/report-data.ts';
import { reportHtml } from '../report/report-html.ts';
import { readTrainedCard, type TrainedCard } from '../report/trained-card.ts';
import { type AwsOptions, stackOf, withAwsOptions } from './options/aws-options.ts';
import { duration, name } from './options/option-value.ts';
import { readJsonFile } from './options/policy-file.ts';
import { askLocally } from './query/print-rows.ts';
import { iso, rangeOf, storedSpan, type Time, time } from './query/time-range.ts';
import { DEFAULT_FOLDER } from './run/run-options.ts';
import { createProgressLine, say, writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

type ReportOptions = AwsOptions &
  Readonly<{
    out: string;
    from?: Time;
    to?: Time;
    cylinder?: string;
    site?: string;
    lang: Language;
    card?: readonly string[];
    data: string;
    aws?: boolean;
    stage: string;
    stack?: string;
    timeout: number;
  }>;

const MINUTE_MS = 60_000;
/** Unless it is said a report is of a week. */
const RANGE_MS = 7 * 86_400_000;

/** Writes a file whole or not at all. */
const writeWhole = (path: string, text: string): void => {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new LocalError(
      'NotWritten',
      `the report cannot be written: ${reason}; name another file with --out`,
      error,
    );
  }
};

type Source = ReportStore & Readonly<{ place: string; options: string; database?: string }>;

const sourceOf = async (options: ReportOptions): Promise<Source> => {
  if (options.aws === true) {
    const stack = stackOf(options);
    const store = await (await import('./query/ask-aws.ts')).awsStore(options);
    return { ...store, place: stack, options: ` --aws ${optionText('--stack', stack)}` };
  }
  const { data, timeout } = options;
  return {
    dialect: 'duckdb',
    ask: askLocally({ data, timeoutMs: timeout }),
    place: resolve(data),
    options: data === DEFAULT_FOLDER ? '' : ` ${optionText('--data', data)}`,
  };
};

const gather = async (source: Source, asked: Asked): Promise<ReportData> => {
  const line = createProgressLine(process.stderr);
  try {
    return await gatherReport(source, asked, (query) => line.show(`asking ${query}`));
  } finally {
    line.end();
  }
};

const cardsOf = (files: readonly string[]): Promise<readonly TrainedCard[]> =>
  Array.fromAsync(files, async (file) => {
    const reading = readTrainedCard(basename(file), await readJsonFile(file));
    if (!reading.ok) throw new UsageError(`${file}: ${reading.message}`);
    return reading.card;
  });

const report = async (options: ReportOptions): Promise<void> => {
  const { out, cylinder, site } = options;
  const cards = await cardsOf(options.card ?? []);
  const source = await sourceOf(options);
  const isLocal = source.dialect === 'duckdb';
  const span = isLocal ? await storedSpan(source.ask) : { first: Number.NaN, last: Date.now() - 1 };
  // Up to a full minute: the times stand in the page, and in the commands that ask the same again.
  const last = Math.ceil((span.last + 1) / MINUTE_MS) * MINUTE_MS - 1;
  const { from, to } = rangeOf(options, { ...span, last }, RANGE_MS);
  const asked: Asked = {
    from,
    to,
    ...(cylinder === undefined ? {} : { cylinder }),
    ...(site === undefined ? {} : { site }),
    ...(source.database === undefined ? {} : { database: source.database }),
  };
  const only = [
    ...(cylinder === undefined ? [] : [optionText('--cylinder', cylinder)]),
    ...(site === undefined ? [] : [optionText('--site', site)]),
  ].map((text) => ` ${text}`);
  const data = await gather(source, asked);
  const page = reportHtml(data, {
    madeAtMs: Date.now(),
    place: source.place,
    language: options.lang,
    cards,
    again: (query) =>
      `npx sentinel query ${query} --from ${iso(from)} --to ${iso(to)}${only.join('')}${source.options}`,
  });
  writeWhole(out, page);
  writeLine(
    `${out}: ${iso(from)} to ${iso(to)}, ${data.rows.incidents.length} incidents, ${Math.round(page.length / 1000)} KB`,
  );
  if (data.rows.coverage.length > 0) return;
  say(
    Number.isNaN(span.first)
      ? 'no sample of that time is stored'
      : `no sample of that time is stored: they are from ${iso(span.first)} to ${iso(span.last)}`,
  );
};

/** `sentinel report`: what a time was like, as one page that opens in any browser and on paper. */
export const reportCommand = (): Command =>
  withAwsOptions(new Command('report'))
    .description(
      'write what the saved queries say of a time as one page: fleet, incidents, coverage, alarm load, model',
    )
    .requiredOption('--out <file>', 'the page, as report.html')
    .option(
      '--from <time>',
      'from when on: 2026-11-20, 2026-11-20T13:00, or how long before the newest sample: 7d',
      time,
    )
    .option('--to <time>', 'until before when, in the same form (default: up to the newest sample)', time)
    .option('--cylinder <name>', 'only this one', name)
    .option(
      '--site <name>',
      'only what came by the gateway of this name, or of one that begins with it and a hyphen',
      name,
    )
    .addOption(new Option('--lang <language>', 'its language').choices([...LANGUAGES]).default('en'))
    .option(
      '--card <files...>',
      'cards that sentinel train wrote beside the models that scored, MODEL.card.json, to be shown',
    )
    .option('--data <folder>', 'the data folder', DEFAULT_FOLDER)
    .option('--aws', 'of the lake of a stack, through Athena, in place of a data folder')
    .option('--stage <name>', 'the stage of that stack', 'dev')
    .option('--stack <name>', 'its name, where it is another than that of the stage')
    .addOption(
      new Option('--timeout <duration>', 'how long a pipeline that runs may take for each question')
        .argParser(duration)
        .default(600_000, '10m'),
    )
    .action(report);
