import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Command, Option } from 'commander';
import {
  asIncident,
  type IncidentLabels,
  type Label,
  labelIncidents,
  type SeenIncident,
} from '../backtest/labels/label-incidents.ts';
import { SENSORS } from '../domain/message/sample.ts';
import { createSpacings } from '../edge/recordings/spacing.ts';
import { openStored, type StoredLine, type StoredQuestion } from './labels/ask-stored.ts';
import { withStoredOptions } from './labels/stored-options.ts';
import { faultsOption, readFaultsFile } from './options/map-file.ts';
import { duration } from './options/option-value.ts';
import { say, writeLine } from './terminal/output.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';

type Options = Omit<StoredQuestion, 'fromMs' | 'toMs'> &
  Readonly<{
    out: string;
    faults?: string;
    from: number;
    to: number;
    margin: number;
    early: number;
    rest: 'sound' | 'out';
    until: 'closed' | 'cleared';
  }>;

const HOUR_MS = 3_600_000;
const KINDS: readonly (readonly [label: Label, word: string])[] = [
  [true, 'abnormal'],
  [false, 'sound'],
  [null, 'left out'],
];

/** How many samples a cylinder has of each label, and the usual step between two of them, ms. */
type Tally = Readonly<{ cylinder: string; counts: ReadonlyMap<Label, number>; spacingMs: number }>;

const hoursOf = ({ counts, spacingMs }: Tally, label: Label): number =>
  ((counts.get(label) ?? 0) * spacingMs) / HOUR_MS;

const cell = (label: Label): string => (label === null ? '' : label ? '1' : '0');

const write = async (file: WriteStream, text: string): Promise<void> => {
  if (!file.write(text)) await once(file, 'drain');
};

/** Writes the samples of a cylinder with their labels, in order of time; those that are left out have none. */
const writeCylinder = async (
  path: string,
  line: StoredLine,
  cylinder: string,
  { labelAt }: IncidentLabels,
): Promise<Tally> => {
  const file = createWriteStream(path);
  const spacings = createSpacings();
  const counts = new Map<Label, number>();
  await once(file, 'open');
  await write(file, `t,cylinder,${SENSORS.join(',')},label\n`);
  for await (const { t, values } of line.samples(cylinder)) {
    const label = labelAt(cylinder, t);
    counts.set(label, (counts.get(label) ?? 0) + 1);
    spacings.add({ cylinder, t });
    await write(file, `${t},${cylinder},${values.map((value) => value ?? '').join(',')},${cell(label)}\n`);
  }
  file.end();
  await finished(file);
  return { cylinder, counts, spacingMs: spacings.typical().get(cylinder) ?? 0 };
};

const countOutcomes = (incidents: readonly SeenIncident[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(incidents, ({ outcome }) => outcome ?? 'not closed')].map(([outcome, its]) => [
      outcome,
      its.length,
    ]),
  );

/** How long incidents with a fault count as abnormal after the alarm had cleared, as they were closed later, ms. */
const afterClearing = (incidents: readonly SeenIncident[]): number =>
  incidents
    .filter(({ outcome }) => outcome === 'fault')
    .reduce(
      (sum, { clearedAt, endedAt }) =>
        sum + (clearedAt === null || endedAt === null ? 0 : Math.max(0, endedAt - clearedAt)),
      0,
    );

/** What closing late costs is said where it is more than this share of the abnormal time. */
const LATE_SHARE = 0.1;

const sayIfClosedLate = (incidents: readonly SeenIncident[], tallies: readonly Tally[]): void => {
  const late = afterClearing(incidents) / HOUR_MS;
  const abnormal = tallies.reduce((sum, tally) => sum + hoursOf(tally, true), 0);
  if (late <= LATE_SHARE * abnormal) return;
  say(
    `faults were closed ${late.toFixed(1)} h, all together, after their alarms had cleared, which counts as abnormal: if they were repaired by then, --until cleared leaves it out`,
  );
};

const writeSet = async (folder: string, line: StoredLine, options: Options): Promise<void> => {
  const noted = await readFaultsFile(options.faults);
  const incidents = [...(await line.incidents()), ...noted.map(asIncident)];
  const cylinders = await line.cylinders();
  if (cylinders.length === 0) throw new UsageError('no samples are stored of that time');
  const rules = { marginMs: options.margin, earlyMs: options.early, isRestSound: options.rest === 'sound' };
  const labels = labelIncidents(incidents, rules);
  const recordings = join(folder, 'recordings');
  await mkdir(recordings, { recursive: true });
  const tallies: Tally[] = [];
  for (const cylinder of cylinders)
    tallies.push(
      await writeCylinder(join(recordings, `${cylinder.replaceAll(':', '_')}.csv`), line, cylinder, labels),
    );
  const iso = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : '');
  const intervals = labels.abnormal.map(
    ({ cylinder, fromMs, toMs }) => `${cylinder},${iso(fromMs)},${iso(toMs)}\n`,
  );
  await writeFile(join(folder, 'intervals.csv'), `cylinder,begin,end\n${intervals.join('')}`);
  const hours = Object.fromEntries(
    KINDS.map(([label, word]) => [
      word,
      Number(tallies.reduce((sum, tally) => sum + hoursOf(tally, label), 0).toFixed(3)),
    ]),
  );
  const outcomes = countOutcomes(incidents);
  await writeFile(
    join(folder, 'labels.json'),
    `${JSON.stringify({ rules, until: options.until, outcomes, hours }, null, 2)}\n`,
  );
  sayIfClosedLate(incidents, tallies);
  report(options.out, tallies, outcomes);
};

const report = (
  folder: string,
  tallies: readonly Tally[],
  outcomes: Readonly<Record<string, number>>,
): void => {
  const seen = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  writeLine(`incidents: ${seen.length === 0 ? 'none' : seen.join(', ')}`);
  for (const [label, word] of KINDS)
    writeLine(`${word}: ${tallies.reduce((sum, tally) => sum + hoursOf(tally, label), 0).toFixed(1)} h`);
  const faulty = tallies.filter(({ counts }) => (counts.get(true) ?? 0) > 0).length;
  writeLine(`${tallies.length} cylinders, ${faulty} of them with a fault: ${folder}`);
  if (faulty === 0)
    say('no incident has the outcome fault: there is nothing to learn from until someone closes one as that');
  else if (faulty < 3)
    say('with faults of fewer than three cylinders nothing can be said of others: see docs/learning.md');
  else
    say(
      `train on it with: sentinel train --input ${folder}/recordings/*.csv --out model.json (the names as they are)`,
    );
};

const run = async (options: Options): Promise<void> => {
  const { out, from, to } = options;
  if (from >= to) throw new UsageError('--from has to be before --to');
  if (options.aws === true && (options.input !== undefined || options.exported !== undefined))
    throw new UsageError('--aws asks the store of a stack: leave out --input and --exported');
  const line = await openStored({ ...options, fromMs: from, toMs: to }, options.until === 'closed');
  await mkdir(out, { recursive: true }).catch(cannotWrite(out));
  await writeSet(out, line, options);
};

/** `sentinel labels`: what people said of incidents, as labels of what was stored. */
export const labelsCommand = (): Command =>
  withStoredOptions(new Command('labels'))
    .description('turn stored telemetry, and incidents with outcomes, into labelled recordings')
    .requiredOption(
      '--out <folder>',
      'where to write: recordings/CYLINDER.csv, intervals.csv and labels.json',
    )
    .option('--data <folder>', 'the data folder, whether its pipeline runs or not', 'sentinel-data')
    .option(
      '--input <path>',
      'in its place: a telemetry.duckdb by itself, or a folder that sentinel export has written',
    )
    .addOption(faultsOption())
    .option('--exported <folder>', 'older samples too: the folder of run --export-to')
    .addOption(
      new Option('--margin <duration>', 'left out on either side of each incident')
        .argParser(duration)
        .default(120_000, '2m'),
    )
    .option('--early <duration>', 'so long before a fault counts as abnormal already', duration, 0)
    .addOption(
      new Option('--rest <label>', 'time without an incident').choices(['sound', 'out']).default('sound'),
    )
    .addOption(
      new Option('--until <end>', 'an incident ends when it was closed, or when the alarm cleared')
        .choices(['closed', 'cleared'])
        .default('closed'),
    )
    .action(run);
