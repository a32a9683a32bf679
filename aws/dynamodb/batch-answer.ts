import type { StreamRecord } from './read-stream-event.ts';

/** What tells the event source where to go on: at the first record that failed. */
export type BatchAnswer = Readonly<{ batchItemFailures: readonly Readonly<{ itemIdentifier: string }>[] }>;

/**
 * Names the records of a batch that failed, by their place in it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const batchAnswer = (records: readonly StreamRecord[], failed: readonly number[]): BatchAnswer => ({
  batchItemFailures: failed.flatMap((index) => {
    const record = records[index];
    return record === undefined ? [] : [{ itemIdentifier: record.dynamodb.SequenceNumber }];
  }),
});
