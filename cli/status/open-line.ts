import { type Command, Option } from 'commander';
import type { LineView } from '../../usecases/ports/line-view.ts';
import {
  endpointOption,
  type LedgerTableOptions,
  profileOption,
  regionOption,
} from '../options/aws-options.ts';
import { brokerUrl } from '../options/option-value.ts';

/** Where the line is: at the broker of a pipeline that runs, or with AWS. */
export type LineOptions = LedgerTableOptions & Readonly<{ to: string; aws?: boolean }>;

/** Lets a command say which line is meant. */
export const withLineOptions = (command: Command): Command => {
  const aws = (option: Option): Option => option.conflicts('to').implies({ aws: true });
  return command
    .option('--to <url>', 'the broker of a pipeline that runs', brokerUrl, 'mqtt://127.0.0.1:1883')
    .addOption(new Option('--aws', 'ask AWS, where the pipeline is deployed').conflicts('to'))
    .addOption(new Option('--stage <name>', 'the stage that was deployed').default('dev').conflicts('to'))
    .addOption(aws(new Option('--stack <name>', 'the stack, where it is not cylinder-sentinel-<stage>')))
    .addOption(aws(new Option('--table <name>', 'the ledger, where no stack is to be asked for it')))
    .addOption(aws(regionOption()))
    .addOption(aws(profileOption()))
    .addOption(aws(endpointOption()));
};

/** Reaches the line for as long as `look` takes; what is not needed for that is not loaded. */
export const withLine = async (
  { to, aws = false, ...options }: LineOptions,
  look: (line: LineView) => Promise<void>,
): Promise<void> => {
  if (!aws) {
    const line = await (await import('../../local/line/mqtt-line.ts')).connectLine(to);
    return look(line).finally(line.close);
  }
  const line = await (await import('./aws-line.ts')).openAwsLine(options);
  return look(line).finally(line.close);
};
