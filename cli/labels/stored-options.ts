import { type Command, Option } from 'commander';
import { withAwsOptions } from '../options/aws-options.ts';
import { duration, name as nameOption } from '../options/option-value.ts';
import { date } from '../query/time-range.ts';

/** From when until before when what is stored is meant, ms, and of which cylinder. */
export type StoredTime = Readonly<{ from: number; to: number; cylinder?: string }>;

const BEGIN_MS = 0;
const END_MS = Date.UTC(9999, 0);

/** Lets a command ask what is stored in a stack in the place of what lies here, and say of which time and cylinder. */
export const withStoredOptions = (command: Command): Command =>
  withAwsOptions(command)
    .option(
      '--aws',
      'ask the store of a stack, Timestream or the lake through Athena, in place of a data folder',
    )
    .option('--stage <name>', 'the stage of that stack', 'dev')
    .option('--stack <name>', 'its name, where it is another than that of the stage')
    .addOption(
      new Option('--from <time>', 'from when on: 2026-11-20 or 2026-11-20T13:00 (UTC)')
        .argParser(date)
        .default(BEGIN_MS, 'all there is'),
    )
    .addOption(new Option('--to <time>', 'until before when').argParser(date).default(END_MS, 'all there is'))
    .option('--cylinder <name>', 'only this one', nameOption)
    .addOption(
      new Option('--timeout <duration>', 'how long a pipeline that runs may take for an answer')
        .argParser(duration)
        .default(600_000, '10m'),
    );
