import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';
import { readTopic } from '../../domain/message/topic.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';
import { failed, QuarantineError } from '../aws-error.ts';
import { messageHash } from '../telemetry/event-rows.ts';

/** All that is in quarantine lies under this prefix of its bucket. */
export const QUARANTINE_PREFIX = 'quarantine/';

/** `2025/11/22`, in UTC; a time that no calendar of four-digit years has is undated. */
const dayOf = (receivedAt: number): string => {
  const date = new Date(receivedAt);
  const [day = ''] = Number.isNaN(date.getTime()) ? [] : date.toISOString().split('T');
  return /^\d{4}-/.test(day) ? day.replaceAll('-', '/') : 'undated';
};

/**
 * Where a message lies: the same message always at the same place, of plain characters whatever its topic holds.
 * `prefix`: the topic under which gateways publish, where it is not the usual one.
 */
export const quarantineKey = (raw: RawMessage, prefix?: string): string => {
  const gateway = (readTopic(raw.topic, prefix)?.gateway ?? 'unknown').replaceAll(':', '_');
  return `${QUARANTINE_PREFIX}${dayOf(raw.receivedAt)}/${gateway}/${raw.receivedAt}-${messageHash(raw)}.json`;
};

/** A message in quarantine as JSON, its bytes in base64. */
export const quarantineText = ({ raw, rejections }: QuarantineRecord): string => {
  const { topic, receivedAt, client, body } = raw;
  return JSON.stringify({
    topic,
    receivedAt,
    client,
    rejections,
    body: Buffer.from(body).toString('base64'),
  });
};

const rejection = v.custom<Rejection>(
  (value) => typeof value === 'object' && value !== null && 'reason' in value && 'detail' in value,
);

const kept = v.object({
  topic: v.string(),
  receivedAt: v.number(),
  client: v.nullable(v.string()),
  rejections: v.array(rejection),
  body: v.pipe(v.string(), v.base64()),
});

/** Reads what `quarantineText` wrote; null where it is something else. */
export const readQuarantineText = (text: string): QuarantineRecord | null => {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), kept), text);
  if (!parsed.success) return null;
  const { rejections, body, ...rest } = parsed.output;
  return { raw: { ...rest, body: new Uint8Array(Buffer.from(body, 'base64')) }, rejections };
};

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
