import { Command, InvalidArgumentError, Option } from 'commander';
import { callsOf } from '../cost/calls.ts';
import { costOf } from '../cost/cost.ts';
import { costReport } from '../cost/cost-report.ts';
import { PRICE_LIST } from '../cost/line-items.ts';
import { DEFAULT_INGEST, INGEST_WAYS, MEMORY_HOURS, type PlanOptions, WINDOW_MS } from '../cost/plan.ts';
import { duration, wholeNumber } from './options/option-value.ts';
import { write, writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

type Options = Omit<PlanOptions, 'samplePeriodMs' | 'windowMs'> &
  Readonly<{ period: number; window: number; region: string; json?: boolean }>;

const share = (text: string): number => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1000) return value;
  throw new InvalidArgumentError('Write a number from 0 to 1000.');
};

const action = ({ period, window, region, json, ...rest }: Options): void => {
  const prices = PRICE_LIST;
  if (region !== prices.region)
    throw new UsageError(
      `there are list prices of ${prices.region} only: leave out --region, and compare at https://calculator.aws`,
    );
  if (period === 0 || window === 0 || window > 300_000)
    throw new UsageError(
      '--period must be more than 0, --window more than 0 and at most 300s, as Lambda has it',
    );
  const cost = costOf({ ...rest, samplePeriodMs: period, windowMs: window }, prices);
  if (json) writeLine(JSON.stringify({ ...cost, calls: callsOf(cost.plan) }, null, 2));
  else write(costReport(cost));
};

/** `sentinel cost --cylinders N`: what a month in the cloud costs at list prices, line by line, and why. */
export const costCommand = (): Command =>
  new Command('cost')
    .description('what a month in the cloud costs at list prices, and what would lower it')
    .requiredOption('--cylinders <n>', 'cylinders of the plant', wholeNumber(1, 1_000_000))
    .addOption(
      new Option('--period <duration>', 'a sample of each cylinder every')
        .argParser(duration)
        .default(1000, '1s'),
    )
    .option('--edge-batch <n>', 'samples in a message', wholeNumber(1, 10), 10)
    .option('--cylinders-per-gateway <n>', 'cylinders of one gateway', wholeNumber(1, 1000), 20)
    .addOption(
      new Option('--ingest <way>', 'how messages get to the functions')
        .choices(INGEST_WAYS)
        .default(DEFAULT_INGEST),
    )
    .addOption(
      new Option('--publish <way>', 'how gateways publish (default: basic-ingest with a stream)').choices([
        'basic-ingest',
        'topic',
      ]),
    )
    .addOption(
      new Option('--echo <mode>', 'gateways are on a Greengrass nucleus and prove by echoes what has arrived')
        .choices(['on', 'off'])
        .default('off'),
    )
    .addOption(
      new Option('--store <store>', 'the telemetry store')
        .choices(['timestream', 'lake'])
        .default('timestream'),
    )
    .addOption(
      new Option('--ledger <mode>', 'how the ledger is paid')
        .choices(['on-demand', 'provisioned'])
        .default('on-demand'),
    )
    .addOption(new Option('--tracing <mode>', 'X-Ray (default: off with a stream)').choices(['on', 'off']))
    .addOption(
      new Option('--window <duration>', 'batches of the stream are gathered for')
        .argParser(duration)
        .default(WINDOW_MS, `${WINDOW_MS / 1000}s`),
    )
    .option('--shards <n>', 'shards of the stream (default: as many as it needs)', wholeNumber(1, 10_000))
    .option(
      '--memory-hours <n>',
      'hours in the memory store of Timestream',
      wholeNumber(1, 8766),
      MEMORY_HOURS,
    )
    .option('--months-kept <n>', 'months for which samples are kept', wholeNumber(1, 2400), 1)
    .option('--incidents <n>', 'incidents of a cylinder in a month', share, 1)
    .addOption(
      new Option('--canary <mode>', 'a sample that goes the whole way every five minutes')
        .choices(['on', 'off'])
        .default('on'),
    )
    .addOption(
      new Option('--desk <mode>', 'the page for whoever gets a notice').choices(['on', 'off']).default('off'),
    )
    .addOption(
      new Option('--drift <mode>', 'drift is looked for, by --param card of the deploy')
        .choices(['on', 'off'])
        .default('off'),
    )
    .option('--open-pages <n>', 'pages of the desk that are open all the time', wholeNumber(0, 1000), 0)
    .option('--emails <n>', 'people who get each notice by e-mail', wholeNumber(0, 1000), 1)
    .option('--sms <n>', 'people who get each notice as text message', wholeNumber(0, 1000), 0)
    .option('--region <region>', 'whose prices', 'us-east-1')
    .option('--json', 'the same as JSON, with the calls that were counted')
    .action(action);
