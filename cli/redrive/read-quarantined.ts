import * as v from 'valibot';
import { readQuarantineText } from '../../aws/s3/quarantine-object.ts';
import { type RawMessage, readMessage } from '../../domain/message/read-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';
import { messageEvent, type Reading, unknown } from './reading.ts';

const counts = v.object({ quarantined: v.number() });

const reasonsOf = (rejections: readonly Rejection[]): string => {
  const reasons = [...new Set(rejections.map(({ reason }) => reason))];
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
};

/**
 * Whether `store` put the message back into the quarantine: it says so; of an answer that does not, the message is
 * judged by what this version of the program understands.
 */
const stillUnclear =
  (raw: RawMessage, before: readonly Rejection[], prefix?: string) =>
  (answer: unknown): string | null => {
    const said = v.safeParse(counts, answer);
    const now = said.success ? before : readMessage(raw, prefix).rejections;
    const isClear = said.success ? said.output.quarantined === 0 : now.length === 0;
    return isClear ? null : `still not understood${reasonsOf(now)}`;
  };

/**
 * Reads a message in quarantine: its original bytes go to the functions that read messages. `prefix`: the topic under
 * which gateways publish, where it is not the usual one.
 */
export const readQuarantined = (text: string, stack: string, prefix?: string): Reading => {
  const record = readQuarantineText(text);
  if (record === null) return unknown('is no message in quarantine');
  const { raw, rejections } = record;
  const event = messageEvent(raw);
  const now = readMessage(raw, prefix).rejections;
  return {
    kind: 'calls',
    foreseen: now.length === 0 ? null : `still not understood${reasonsOf(now)}`,
    what: `message on ${raw.topic}${reasonsOf(rejections)}`,
    calls: [
      { functionName: `${stack}-store`, event, refusal: stillUnclear(raw, rejections, prefix) },
      { functionName: `${stack}-watch`, event },
    ],
  };
};
