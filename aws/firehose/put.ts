import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { failureCode, TelemetryError } from '../aws-error.ts';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

export type LakeStream = Readonly<{
  client: FirehoseClient;
  stream: string;
  /** Waits so many ms before what Firehose did not take is sent again. */
  pause: (ms: number) => Promise<unknown>;
}>;

/** Sends the records once; gives those that were not taken, with the reason that was given last. */
const putOnce = async ({ client, stream }: LakeStream, records: readonly Uint8Array[]) => {
  try {
    const { FailedPutCount = 0, RequestResponses = [] } = await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: stream,
        Records: records.map((Data) => ({ Data })),
      }),
    );
    if (FailedPutCount === 0) return { left: [], reason: '' };
    // A record of which nothing is said counts as not taken: a repetition costs less than a loss.
    const left = records.filter((_, index) => RequestResponses[index]?.RecordId === undefined);
    const failure = RequestResponses.findLast(({ ErrorCode }) => ErrorCode !== undefined);
    return { left, reason: `${failure?.ErrorCode}: ${failure?.ErrorMessage}` };
  } catch (cause) {
    throw new TelemetryError(
      failureCode(cause),
      `Firehose did not take ${records.length} records of ${stream}`,
      cause,
    );
  }
};

/**
 * Hands records to a delivery stream. Those of a call that were not taken are sent again, they alone and after longer
 * and longer pauses; rejects if some are left at last, or when the service fails.
 */
export const putRecords = async (to: LakeStream, records: readonly Uint8Array[]): Promise<void> => {
  let { left, reason } = await putOnce(to, records);
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) {
      throw new TelemetryError(
        'throttled',
        `Firehose did not take ${left.length} of ${records.length} records of ${to.stream} in ${ATTEMPTS} attempts (${reason})`,
      );
    }
    await to.pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    ({ left, reason } = await putOnce(to, left));
  }
};
