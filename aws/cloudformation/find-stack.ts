import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ExplainedError, explainAwsError } from '../aws-error.ts';

/** Where a deployed stack keeps what failed; null where it does not say. */
export type StackPlaces = Readonly<{
  deadLetterQueueUrl: string | null;
  failedBatchesBucket: string | null;
  quarantineBucket: string | null;
  ledgerTable: string | null;
  /** The topic under which gateways publish. */
  topicPrefix: string | null;
  /** The telemetry store in words: its database and tables, and the bucket of a lake. */
  telemetry: string | null;
  telemetryDatabase: string | null;
  /** Where Athena is asked, of a stack that stores in a lake. */
  lake: Readonly<{ database: string; workgroup: string }> | null;
}>;

const telemetryWords = (outputs: ReadonlyMap<string | undefined, string | undefined>): string | null => {
  const database = outputs.get('TelemetryDatabaseName');
  if (database === undefined) return null;
  const tables = `tables ${outputs.get('TelemetryTableName')} and ${outputs.get('IncidentsTableName')}`;
  const bucket = outputs.get('LakeBucketName');
  return `database ${database}, ${tables}${bucket === undefined ? '' : `, bucket ${bucket}`}`;
};

/** Reads the outputs of a deployed stack. */
export const findStack = async (client: CloudFormationClient, stack: string): Promise<StackPlaces> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = new Map(
      Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    const database = outputs.get('TelemetryDatabaseName') ?? null;
    const workgroup = outputs.get('AthenaWorkgroupName');
    return {
      deadLetterQueueUrl: outputs.get('DeadLetterQueueUrl') ?? null,
      failedBatchesBucket: outputs.get('FailedBatchesBucketName') ?? null,
      quarantineBucket: outputs.get('QuarantineBucketName') ?? null,
      ledgerTable: outputs.get('LedgerTableName') ?? null,
      telemetry: telemetryWords(outputs),
      telemetryDatabase: database,
      lake: database === null || workgroup === undefined ? null : { database, workgroup },
      topicPrefix: outputs.get('InferenceTopicFilter')?.replace(/\/#$/, '') ?? null,
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      throw new ExplainedError(
        'absent',
        `there is no stack ${stack} here: name another with --stage, --stack or --region`,
        error,
      );
    throw explainAwsError(`the stack ${stack} could not be read`, error);
  }
};
