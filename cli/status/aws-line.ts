import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { explainAwsError } from '../../aws/aws-error.ts';
import { createLineView } from '../../aws/dynamodb/line-view.ts';
import type { LineView } from '../../usecases/ports/line-view.ts';
import { clientSettings, type LedgerTableOptions, ledgerTableOf } from '../options/aws-options.ts';

/** The line by the ledger of a deployed pipeline; what AWS refuses is said in words that help. */
export const openAwsLine = async (options: LedgerTableOptions): Promise<LineView> => {
  const table = await ledgerTableOf(options);
  const line = createLineView({ client: new DynamoDBClient(clientSettings(options)), table });
  const explain = (error: unknown): never => {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw explainAwsError(`the ledger ${table} could not be read`, cause);
  };
  return {
    ...line,
    status: () => line.status().catch(explain),
    incidents: (question) => line.incidents(question).catch(explain),
  };
};
