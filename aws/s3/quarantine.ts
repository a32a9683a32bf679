import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Rejection } from '../../domain/message/rejection.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';
import { failed, QuarantineError } from '../aws-error.ts';
import { quarantineKey, quarantineText } from './quarantine-object.ts';

type Options = Readonly<{
  client: S3Client;
  bucket: string;
  /** The topic under which gateways publish, where it is not the usual one: keys name the gateway. */
  topicPrefix?: string | undefined;
}>;

/** A message may take 4 MB on its way out. */
const AT_ONCE = 8;

const distinct = (rejections: readonly Rejection[]): readonly Rejection[] => [
  ...new Map(rejections.map((rejection) => [JSON.stringify(rejection), rejection])).values(),
];

/** One record for each message: what is wrong with it may come in several parts. */
const byKey = (
  records: readonly QuarantineRecord[],
  prefix: string | undefined,
): ReadonlyMap<string, QuarantineRecord> => {
  const merged = new Map<string, QuarantineRecord>();
  for (const { raw, rejections } of records) {
    const key = quarantineKey(raw, prefix);
    const before = merged.get(key)?.rejections ?? [];
    merged.set(key, { raw, rejections: distinct([...before, ...rejections]) });
  }
  return merged;
};

/**
 * The quarantine as JSON objects on S3. A message has one key for good, so that a repetition overwrites it with the
 * reasons given last. Waits for all writes, then rejects if any failed.
 */
export const createS3Quarantine = ({ client, bucket, topicPrefix }: Options): Quarantine => {
  const put = ([key, record]: readonly [string, QuarantineRecord]): Promise<unknown> =>
    client
      .send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: quarantineText(record),
          ContentType: 'application/json',
        }),
      )
      .catch(failed(QuarantineError, `s3://${bucket}/${key} could not be written`));

  return {
    put: async (records) => {
      const objects = [...byKey(records, topicPrefix)];
      const failures: unknown[] = [];
      for (let start = 0; start < objects.length; start += AT_ONCE) {
        const outcomes = await Promise.allSettled(objects.slice(start, start + AT_ONCE).map(put));
        for (const outcome of outcomes) if (outcome.status === 'rejected') failures.push(outcome.reason);
      }
      const [first] = failures;
      if (failures.length > 0) {
        throw new QuarantineError(
          first instanceof QuarantineError ? first.code : 'retry',
          `${failures.length} of ${objects.length} messages did not reach the quarantine`,
          first,
        );
      }
    },
  };
};
