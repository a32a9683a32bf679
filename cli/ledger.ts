import { Command, Option } from 'commander';
import { explained } from '../aws/aws-error.ts';
import type { NoticeSubject } from '../usecases/ports/notification-log.ts';
import { entryLines, type LedgerEntry } from './ledger/entry-lines.ts';
import {
  type AwsOptions,
  clientSettings,
  endpointOption,
  ledgerTableOf,
  profileOption,
  regionOption,
} from './options/aws-options.ts';
import { name } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

type Options = AwsOptions &
  Readonly<{
    cylinder?: string;
    gateway?: string;
    data: string;
    aws?: boolean;
    stage: string;
    stack?: string;
    table?: string;
    json?: boolean;
  }>;

const subjectOf = ({ cylinder, gateway }: Options): NoticeSubject => {
  if (cylinder !== undefined) return { kind: 'cylinder', name: cylinder };
  if (gateway !== undefined) return { kind: 'gateway', name: gateway };
  throw new UsageError('say of whom: --cylinder <name> or --gateway <name>');
};

/** Only what the ledger in question needs is loaded. */
const find = async (options: Options, subject: NoticeSubject): Promise<LedgerEntry | null> => {
  if (options.aws !== true)
    return (await import('./ledger/local-entry.ts')).localEntry(options.data, subject);
  const table = await ledgerTableOf(options);
  const { awsEntry } = await import('./ledger/aws-entry.ts');
  return awsEntry(clientSettings(options), table, subject).catch(
    explained(`the ledger ${table} could not be read`),
  );
};

const show = async (options: Options): Promise<void> => {
  const subject = subjectOf(options);
  const entry = await find(options, subject);
  if (entry === null)
    throw new UsageError(
      `the ledger knows no ${subject.kind} ${subject.name}: it appears with its first message`,
    );
  if (options.json === true) writeLine(JSON.stringify(entry, null, 2));
  else for (const line of entryLines(entry, Date.now())) writeLine(line);
};

const showCommand = (): Command => {
  const aws = (option: Option): Option => option.conflicts('data').implies({ aws: true });
  return new Command('show')
    .description(
      'print what the ledger holds of a cylinder or a gateway, and what went out or waits because of it',
    )
    .addOption(new Option('--cylinder <name>', 'which cylinder').argParser(name).conflicts('gateway'))
    .addOption(new Option('--gateway <name>', 'which gateway').argParser(name))
    .option('--data <folder>', 'the data folder of a pipeline that is not running', 'sentinel-data')
    .addOption(new Option('--aws', 'the ledger of the deployed pipeline').conflicts('data'))
    .addOption(new Option('--stage <name>', 'the stage that was deployed').default('dev').conflicts('data'))
    .addOption(
      aws(new Option('--stack <name>', 'the stack, where it is not named cylinder-sentinel-<stage>')),
    )
    .addOption(aws(new Option('--table <name>', 'the table, where no stack is to be asked for it')))
    .addOption(aws(regionOption()))
    .addOption(aws(profileOption()))
    .addOption(aws(endpointOption()))
    .option('--json', 'all of it, as one JSON document')
    .action(show);
};

/** `sentinel ledger …`: look into the ledger. */
export const ledgerCommand = (): Command =>
  new Command('ledger')
    .description('look into the ledger, on one machine or on AWS')
    .addCommand(showCommand());
