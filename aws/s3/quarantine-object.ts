import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { RawMessage } from '../../domain/message/read-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';
import { readTopic } from '../../domain/message/topic.ts';
import type { QuarantineRecord } from '../../usecases/ports/quarantine.ts';

/** All that is in quarantine lies under this prefix of its bucket. */
export const QUARANTINE_PREFIX = 'quarantine/';

/** Names a message by its topic, bytes and time of receipt; a topic holds no NUL, so that nothing runs together. */
const hashOf = ({ topic, body, receivedAt }: RawMessage): string =>
  createHash('sha256').update(`${topic}\0${receivedAt}\0`).update(body).digest('hex');

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
  return `${QUARANTINE_PREFIX}${dayOf(raw.receivedAt)}/${gateway}/${raw.receivedAt}-${hashOf(raw)}.json`;
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
