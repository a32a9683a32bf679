import * as v from 'valibot';
import { readInferenceEvent } from '../../aws/iot/rule-events.ts';
import type { KeptItem } from '../../aws/kept.ts';
import { readQuarantineText } from '../../aws/s3/quarantine.ts';
import { parseJson } from '../../domain/fields.ts';
import { readTopic } from '../../domain/message/topic.ts';

/** What of all that is kept is meant; times in ms since the epoch. What is not said is not asked for. */
export type Selection = Readonly<{ reason?: string; gateway?: string; sinceMs?: number; untilMs?: number }>;

/** What something that is kept says of itself: why it is there, whose messages are in it, and when it came. */
export type About = Readonly<{ reasons: readonly string[]; gateways: readonly string[]; at: number }>;

const letter = v.object({
  requestContext: v.optional(v.object({ condition: v.optional(v.string()) })),
  requestPayload: v.optional(v.unknown()),
  payload: v.optional(v.unknown()),
  topic: v.optional(v.string()),
  failures: v.optional(v.array(v.object({ failedAction: v.optional(v.string()) })), []),
});

const topicsOf = (event: unknown): readonly string[] => {
  try {
    return readInferenceEvent(event).map(({ topic }) => topic);
  } catch {
    // What functions of the ledger are woken by has no topic.
    return [];
  }
};

const gatewaysOf = (topics: readonly string[], prefix?: string): readonly string[] => [
  ...new Set(
    topics.flatMap((topic) => readTopic(topic.replace(/^\$aws\/rules\/[^/]+\//, ''), prefix)?.gateway ?? []),
  ),
];

/**
 * Reads what something kept says of itself: of a message in quarantine the reasons of its rejections; of a failed call
 * or batch the condition that Lambda gives; of a failed rule its failed actions. `prefix`: under which gateways publish.
 */
export const aboutOf = ({ text, keptAt }: Pick<KeptItem, 'text' | 'keptAt'>, prefix?: string): About => {
  const quarantined = readQuarantineText(text);
  if (quarantined !== null) {
    const { raw, rejections } = quarantined;
    const reasons = rejections.map(({ reason }) => reason);
    return { reasons, gateways: gatewaysOf([raw.topic], prefix), at: raw.receivedAt };
  }
  const parsed = v.safeParse(letter, parseJson(text));
  if (!parsed.success) return { reasons: [], gateways: [], at: keptAt };
  const { requestContext, requestPayload, payload, topic, failures } = parsed.output;
  const event = requestPayload ?? (typeof payload === 'string' ? parseJson(payload) : payload);
  return {
    reasons: [requestContext?.condition, ...failures.map(({ failedAction }) => failedAction)].flatMap(
      (reason) => reason ?? [],
    ),
    gateways: gatewaysOf(topic === undefined ? topicsOf(event) : [topic], prefix),
    at: keptAt,
  };
};

const isNamed = (wanted: string | undefined, names: readonly string[]): boolean =>
  wanted === undefined || names.some((name) => name.toLowerCase() === wanted.toLowerCase());

/** Whether it is meant: it has the reason and the gateway, if any are asked for, and came within the time. */
export const isSelected = (
  { reasons, gateways, at }: About,
  { reason, gateway, sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY }: Selection,
): boolean => isNamed(reason, reasons) && isNamed(gateway, gateways) && at >= sinceMs && at <= untilMs;
