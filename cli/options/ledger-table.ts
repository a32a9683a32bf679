import { UsageError } from '../terminal/usage-error.ts';
import { type AwsOptions, clientSettings } from './aws-options.ts';

/** Which ledger is meant on AWS: its table, or the stack or stage that has it. */
export type LedgerTableOptions = AwsOptions & Readonly<{ stage: string; stack?: string; table?: string }>;

/** The name of the ledger's table. */
export const ledgerTableOf = async (options: LedgerTableOptions): Promise<string> => {
  const { table, stage, stack = `cylinder-sentinel-${stage}` } = options;
  if (table !== undefined) return table;
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { findStack } = await import('../../aws/cloudformation/find-stack.ts');
  const { ledgerTable } = await findStack(new CloudFormationClient(clientSettings(options)), stack);
  if (ledgerTable !== null) return ledgerTable;
  throw new UsageError(`the stack ${stack} has no output LedgerTableName: name the table with --table`);
};
