import { type Command, InvalidArgumentError, Option } from 'commander';
import { commandClient } from '../../aws/client-settings.ts';
import type { AwsKeys } from '../../edge/transport/broker-address.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Which AWS is meant; what is not said is as the AWS command line has it. */
export type AwsOptions = Readonly<{ region?: string; profile?: string; endpoint?: string }>;

const endpointUrl = (text: string): string => {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Write an address such as http://127.0.0.1:4566.');
};

export const regionOption = (): Option => new Option('--region <name>', 'the AWS region');

export const profileOption = (): Option =>
  new Option('--profile <name>', 'the profile of your AWS credentials');

export const endpointOption = (): Option =>
  new Option('--endpoint <url>', 'ask there in place of AWS, for emulators').argParser(endpointUrl);

/** Lets a command say which AWS is meant. */
export const withAwsOptions = (command: Command): Command =>
  command.addOption(regionOption()).addOption(profileOption()).addOption(endpointOption());

/** What every client of the SDK is made with; the SDK itself does not know AWS_DEFAULT_REGION, which others set. */
export const clientSettings = ({ region, profile, endpoint }: AwsOptions) => {
  const known = region ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined);
  return {
    ...commandClient,
    ...(known === undefined ? {} : { region: known }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
};

/** Which ledger is meant on AWS: its table, or the stack or stage that has it. */
export type LedgerTableOptions = AwsOptions & Readonly<{ stage: string; stack?: string; table?: string }>;

/** The name of the stack that is meant. */
export const stackOf = ({ stage, stack }: Readonly<{ stage: string; stack?: string }>): string =>
  stack ?? `cylinder-sentinel-${stage}`;

/** The ledger's table, and where its stack keeps the telemetry; null where that is not known, as of a table that was named. */
export const ledgerPlacesOf = async (
  options: LedgerTableOptions,
): Promise<Readonly<{ table: string; telemetry: string | null }>> => {
  const { table } = options;
  if (table !== undefined) return { table, telemetry: null };
  const stack = stackOf(options);
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { findStack } = await import('../../aws/cloudformation/find-stack.ts');
  const { ledgerTable, telemetry } = await findStack(
    new CloudFormationClient(clientSettings(options)),
    stack,
  );
  if (ledgerTable !== null) return { table: ledgerTable, telemetry };
  throw new UsageError(`the stack ${stack} has no output LedgerTableName: name the table with --table`);
};

/** The keys as every command of AWS finds them; those that end are renewed. */
export const awsKeys = async (): Promise<() => Promise<AwsKeys>> => {
  const { STSClient } = await import('@aws-sdk/client-sts');
  const { credentials } = new STSClient({ region: 'us-east-1' }).config;
  return async () => {
    try {
      return await credentials();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(
        `there are no AWS keys to sign the WebSocket with (${reason}): export AWS_PROFILE or the keys themselves`,
      );
    }
  };
};

/** The name of the ledger's table. */
export const ledgerTableOf = async (options: LedgerTableOptions): Promise<string> =>
  (await ledgerPlacesOf(options)).table;
