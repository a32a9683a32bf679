import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { isPoison } from '../aws-error.ts';
import { functionClient } from '../client-settings.ts';
import { inParallel } from '../in-parallel.ts';
import { type CalledFunction, logger, traced } from './observed.ts';

/** A record of a batch that was not done with, by its place in it, and why. */
export type RecordFailure = Readonly<{ index: number; error: unknown }>;

/** The answer to an event source: it goes on at the first record that is named. */
export type BatchAnswer = Readonly<{ batchItemFailures: readonly Readonly<{ itemIdentifier: string }>[] }>;

/** What is given back on purpose (`sentinel redrive`) says so: whoever does it hears of a failure, and keeps what failed. */
const batchEvent = v.object({
  Records: v.array(
    v.looseObject({
      dynamodb: v.optional(v.looseObject({ SequenceNumber: v.string() })),
      kinesis: v.optional(v.looseObject({ sequenceNumber: v.optional(v.string()) })),
    }),
  ),
  redriven: v.optional(v.boolean(), false),
});

const AT_ONCE = 8;

/**
 * What failed of a batch: the records `named`, where trying them again may help. Where nothing says which record it was,
 * the only one, if it would fail however often it were tried. Throws anything else on, so that the event source halves
 * the batch or tries it again.
 */
export const failuresOf = (
  event: unknown,
  error: unknown,
  named: readonly RecordFailure[] = [],
): readonly RecordFailure[] => {
  const parsed = v.safeParse(batchEvent, event);
  const poison = isPoison(error) ? { error } : named.find((one) => isPoison(one.error));
  if (parsed.success && named.length > 0 && poison === undefined) return named;
  if (!parsed.success || parsed.output.Records.length !== 1 || poison === undefined) throw error;
  return [{ index: 0, error: poison.error }];
};

/**
 * Answers for batches of a stream. A record that would fail however often it were tried is parked at once, as a dead
 * letter such as Lambda writes about a call that it gave up, and holds up nobody; all others that failed are named, to
 * come again. One that cannot be parked is named as well.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const createBatchAnswer = (queueUrl: string) => {
  const client = traced(new SQSClient(functionClient));

  const park = async (record: unknown, functionArn: string, error: unknown): Promise<void> => {
    const letter = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: { functionArn, condition: 'NeverUnderstood', approximateInvokeCount: 1 },
      requestPayload: { Records: [record] },
      responsePayload: { errorMessage: error instanceof Error ? error.message : String(error) },
    };
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
  };

  return async (
    event: unknown,
    { invokedFunctionArn }: CalledFunction,
    failures: readonly RecordFailure[],
  ): Promise<BatchAnswer> => {
    if (failures.length === 0) return { batchItemFailures: [] };
    const parsed = v.safeParse(batchEvent, event);
    if (!parsed.success) return { batchItemFailures: [] };
    const { Records, redriven } = parsed.output;
    const named = await inParallel(AT_ONCE, failures, async ({ index, error }) => {
      const record = Records[index];
      if (record === undefined) return [];
      logger.error(error instanceof Error ? error.message : String(error), { error });
      const itemIdentifier = record.dynamodb?.SequenceNumber ?? record.kinesis?.sequenceNumber ?? '';
      if (redriven || !isPoison(error)) return [{ itemIdentifier }];
      try {
        await park(record, invokedFunctionArn, error);
        return [];
      } catch (cause) {
        logger.error('a record that will never be understood could not be parked', { error: cause });
        return [{ itemIdentifier }];
      }
    });
    return { batchItemFailures: named.flat() };
  };
};
