/** Why a source gave a batch up. */
export type GiveUp = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/**
 * The object that Lambda writes to the bucket of a failed batch: what happened, and the whole event as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export type FailedBatch = Readonly<{
  key: string;
  document: Readonly<Record<string, unknown> & { payload: string }>;
}>;

type Given = Readonly<{
  source: 'aws:kinesis' | 'aws:dynamodb';
  functionName: string;
  shard: string;
  condition: GiveUp;
  invocations: number;
  now: number;
  number: number;
  sequences: readonly string[];
  event: unknown;
}>;

const FORTY_DIGITS = 12;

export const failedBatch = (given: Given): FailedBatch => {
  const { source, functionName, shard, condition, invocations, now, number, sequences, event } = given;
  const timestamp = new Date(now).toISOString();
  const id = `00000000-0000-4000-8000-${String(number).padStart(FORTY_DIGITS, '0')}`;
  const info = {
    shardId: shard,
    startSequenceNumber: sequences[0],
    endSequenceNumber: sequences.at(-1),
    approximateArrivalOfFirstRecord: timestamp,
    approximateArrivalOfLastRecord: timestamp,
    batchSize: sequences.length,
    streamArn: `arn:${source}:eu-west-1:123456789012:stream`,
  };
  return {
    key: `aws/lambda/${id}/${shard}/${timestamp.slice(0, 10).replaceAll('-', '/')}/${timestamp.slice(0, 19).replaceAll(':', '.')}-${id}`,
    document: {
      requestContext: {
        requestId: id,
        functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
        condition,
        approximateInvokeCount: invocations,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp,
      [source === 'aws:kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: info,
      payload: JSON.stringify(event),
    },
  };
};
