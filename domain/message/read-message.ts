import { type Fields, isFields } from '../fields.ts';
import { type Envelope, readSample } from './read-sample.ts';
import { FIRST_MS } from './read-time.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import type { Sample } from './sample.ts';
import { CANARY, INFERENCE_TOPIC, isName, nameFault, type Origin, readTopic, topicFault } from './topic.ts';

/** A message as it was received: bytes, topic, and the receiver's clock, ms since the epoch. */
export type RawMessage = Readonly<{
  topic: string;
  body: Uint8Array;
  receivedAt: number;
  client: string | null;
}>;

/** The most that AWS IoT carries in one message, bytes. https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
export const MAX_BODY_BYTES = 128 * 1024;

/** What a message held: `gateway` is null where not even the topic was understood. */
export type MessageReading = Readonly<{
  gateway: string | null;
  samples: readonly Sample[];
  rejections: readonly Rejection[];
}>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const isLabel = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 128;

const refuse = (
  gateway: string | null,
  reason: RejectionReason,
  detail: string,
  cylinder: string | null = null,
) => ({
  gateway,
  samples: [],
  rejections: [{ reason, detail, index: null, cylinder, t: null }],
});

/** Which byte, from 1, is the first that no UTF-8 text has there. */
const byteFault = (body: Uint8Array): string => {
  const isBroken = (length: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, length), { stream: true });
      return false;
    } catch {
      return true;
    }
  };
  let [sound, broken] = [0, body.length];
  if (!isBroken(broken)) return 'its last character is cut off';
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (isBroken(middle)) broken = middle;
    else sound = middle;
  }
  const code = (body[broken - 1] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `0x${code} as byte ${broken}`;
};

/** Decodes bytes to a JSON value, or names what is wrong with them. */
const decode = (body: Uint8Array): { value: unknown } | { reason: RejectionReason; detail: string } => {
  if (body.length > MAX_BODY_BYTES) {
    return { reason: 'too-large', detail: `${body.length} bytes, the most is ${MAX_BODY_BYTES}` };
  }
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return { reason: 'not-utf8', detail: `the bytes are not UTF-8 text: ${byteFault(body)}` };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    return { reason: 'not-json', detail: cause instanceof Error ? cause.message : String(cause) };
  }
};

/** Which cylinder a message speaks of, by its topic and payload, which must agree where both name one. */
const cylinderOf = (origin: Origin, fields: Fields): { cylinder: string } | { detail: string } => {
  const named = fields.cylinder ?? null;
  if (named === null) {
    if (origin.cylinder !== null) return { cylinder: origin.cylinder };
    return { detail: 'neither the topic nor the payload names the cylinder' };
  }
  if (!isName(named)) {
    return {
      detail: `cylinder is not a name of letters, digits, colon, underscore and hyphen (at most 128): it ${nameFault(named)}`,
    };
  }
  if (origin.cylinder !== null && origin.cylinder !== named) {
    return { detail: `the topic names ${origin.cylinder} and the payload ${named}` };
  }
  return { cylinder: named };
};

const readSamples = (items: readonly unknown[], envelope: Envelope): MessageReading => {
  const samples: Sample[] = [];
  const rejections: Rejection[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const reading = isFields(item)
      ? readSample(item, envelope, index)
      : {
          rejection: {
            reason: 'sample' as const,
            detail: 'the sample is not an object',
            index,
            cylinder: envelope.cylinder,
            t: null,
          },
        };
    if ('sample' in reading) samples.push(reading.sample);
    else rejections.push(reading.rejection);
  }
  return { gateway: envelope.gateway, samples, rejections };
};

/**
 * Reads a payload that is already a JSON value, of a replay (see eventTime): the batched form, or one flat sample with
 * its sensors at the top level. Never throws; what is not understood comes back as rejections, one for each sample or
 * one for the whole.
 */
export const readPayload = (
  topic: string,
  value: unknown,
  prefix = INFERENCE_TOPIC,
  isReplay = true,
): MessageReading => {
  const origin = readTopic(topic, prefix);
  if (origin === null) return refuse(null, 'topic', topicFault(topic, prefix));
  const { gateway } = origin;
  if (!isFields(value))
    return refuse(gateway, 'not-an-object', 'the payload is not a JSON object', origin.cylinder);
  if (value.v !== undefined && value.v !== 1) {
    return refuse(gateway, 'version', 'the payload has a version other than 1', origin.cylinder);
  }
  const named = cylinderOf(origin, value);
  if ('detail' in named) return refuse(gateway, 'cylinder', named.detail);
  const envelope: Envelope = {
    cylinder: named.cylinder,
    gateway,
    boot: isLabel(value.boot) ? value.boot : null,
    model: isLabel(value.model) ? value.model : null,
    isReplay,
  };
  if (value.samples === undefined) return readSamples([value], envelope);
  if (!Array.isArray(value.samples) || value.samples.length === 0) {
    return refuse(gateway, 'no-samples', 'samples is not a list with at least one sample', named.cylinder);
  }
  return readSamples(value.samples, envelope);
};

/** Reads a message from its bytes, as it arrives; see readPayload. */
export const readMessage = (raw: RawMessage, prefix = INFERENCE_TOPIC): MessageReading => {
  const decoded = decode(raw.body);
  if ('reason' in decoded) {
    const origin = readTopic(raw.topic, prefix);
    return refuse(origin?.gateway ?? null, decoded.reason, decoded.detail, origin?.cylinder ?? null);
  }
  // A receiver that lives before 2015 itself is one of a recording, which goes by the clock of its samples.
  return readPayload(raw.topic, decoded.value, prefix, raw.receivedAt < FIRST_MS);
};

/** A message with what was read in it. */
export type Received = Readonly<{ raw: RawMessage; reading: MessageReading }>;

/** `prefix`: the topic under which gateways publish, where it is not the usual one. */
export const received = (raw: RawMessage, prefix?: string): Received => ({
  raw,
  reading: readMessage(raw, prefix),
});

/** Whether a message is of a machine: what the canary says is for the way to a notice alone, and is stored nowhere. */
export const isOfPlant = ({ reading: { samples, rejections } }: Received): boolean =>
  rejections.length > 0 || samples[0]?.cylinder !== CANARY;
