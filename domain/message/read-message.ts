import { type Fields, isFields } from '../fields.ts';
import { textAdvice } from './body-text.ts';
import { decodeBody } from './decode-body.ts';
import type { RawMessage } from './raw-message.ts';
import { type ArrivalScorer, type Envelope, readSample } from './read-sample.ts';
import { FIRST_MS } from './read-time.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import type { Sample } from './sample.ts';
import { CANARY, INFERENCE_TOPIC, namedCylinder, type Origin, readTopic, topicFault } from './topic.ts';

/** What a message held: `gateway` is null where not even the topic was understood. */
export type MessageReading = Readonly<{
  gateway: string | null;
  samples: readonly Sample[];
  rejections: readonly Rejection[];
}>;

/** One sample that a mapping has found in what a device sends, with its fields by their usual names, or why it has found none. */
export type MappedSample =
  | Readonly<{ gateway: string; cylinder: string; fields: Fields }>
  | Readonly<{ gateway: string | null; rejection: Omit<Rejection, 'index'> }>;

/**
 * Finds the samples in the objects of a message, by its topic (`origin`: what the usual form of topics says) and its
 * receipt, ms; null where the topic is none of its own.
 */
export type PayloadMapper = (
  raw: Pick<RawMessage, 'topic' | 'receivedAt'>,
  origin: Origin | null,
  roots: readonly Fields[],
) => readonly MappedSample[] | null;

/** How messages are read. */
export type ReadingOptions = Readonly<{
  /** The topic under which gateways publish, where it is not the usual one. */
  prefix?: string | undefined;
  /** How devices of other makes are understood; what says `"v": 1` with samples or a probability needs none. */
  mapper?: PayloadMapper | undefined;
  /** Scores samples that nobody has scored. */
  scorer?: ArrivalScorer | undefined;
}>;

type Context = Required<Pick<Envelope, 'isReplay' | 'scorer'>>;

const isLabel = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 128;

const refuse = (
  gateway: string | null,
  reason: RejectionReason,
  detail: string,
  cylinder: string | null = null,
): MessageReading => ({
  gateway,
  samples: [],
  rejections: [{ reason, detail, index: null, cylinder, t: null }],
});

const envelopeOf = (cylinder: string, gateway: string, fields: Fields, context: Context): Envelope => ({
  cylinder,
  gateway,
  boot: isLabel(fields.boot) ? fields.boot : null,
  model: isLabel(fields.model) ? fields.model : null,
  challenger: isLabel(fields.challenger) ? fields.challenger : undefined,
  isReplay: context.isReplay,
  scorer: context.scorer,
});

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

const refuseValue = (value: unknown, gateway: string | null, cylinder: string | null): MessageReading => {
  const advice = typeof value === 'number' || typeof value === 'string' ? textAdvice(`${value}`, '') : '';
  return refuse(gateway, 'not-an-object', `the payload is not a JSON object${advice}`, cylinder);
};

/** Reads one object: the batched form, or one flat sample with its sensors at the top level. */
const readObject = (value: unknown, origin: Origin, context: Context): MessageReading => {
  const { gateway } = origin;
  if (!isFields(value)) return refuseValue(value, gateway, origin.cylinder);
  if (value.v !== undefined && value.v !== 1) {
    return refuse(gateway, 'version', 'the payload has a version other than 1', origin.cylinder);
  }
  const named = namedCylinder(origin, value);
  if ('detail' in named) return refuse(gateway, 'cylinder', named.detail);
  const envelope = envelopeOf(named.cylinder, gateway, value, context);
  if (value.samples === undefined) return readSamples([value], envelope);
  if (!Array.isArray(value.samples) || value.samples.length === 0) {
    return refuse(gateway, 'no-samples', 'samples is not a list with at least one sample', named.cylinder);
  }
  return readSamples(value.samples, envelope);
};

/** Reads several objects as one message; a rejection tells its place among all samples. */
const readObjects = (values: readonly unknown[], origin: Origin, context: Context): MessageReading => {
  const samples: Sample[] = [];
  const rejections: Rejection[] = [];
  for (const value of values) {
    const before = samples.length + rejections.length;
    const reading = readObject(value, origin, context);
    for (const sample of reading.samples) samples.push(sample);
    for (const one of reading.rejections) rejections.push({ ...one, index: before + (one.index ?? 0) });
  }
  return { gateway: origin.gateway, samples, rejections };
};

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.some(isFields);

const readValue = (topic: string, value: unknown, prefix: string, context: Context): MessageReading => {
  const origin = readTopic(topic, prefix);
  if (origin === null) return refuse(null, 'topic', topicFault(topic, prefix));
  return isList(value) ? readObjects(value, origin, context) : readObject(value, origin, context);
};

/**
 * Reads a payload that is already a JSON value, of a replay (see eventTime): the batched form, one flat sample, or a
 * list of them. Never throws; what is not understood comes back as rejections, one for each sample or one for the whole.
 */
export const readPayload = (topic: string, value: unknown): MessageReading =>
  readValue(topic, value, INFERENCE_TOPIC, { isReplay: true, scorer: undefined });

/** Whether an object is in the form that this program writes: others have a field `v` too. */
const isOurs = ({ v, samples, probability }: Fields): boolean =>
  v === 1 && (Array.isArray(samples) || probability !== undefined);

/** The objects of a message; a list of values is one whose fields are its places. */
const rootsOf = (value: unknown): readonly Fields[] => {
  if (isFields(value)) return [value];
  if (!Array.isArray(value)) return [];
  const objects = value.filter(isFields);
  if (objects.length > 0) return objects;
  return value.every(Array.isArray) ? value.map((one) => ({ ...one })) : [{ ...value }];
};

/** Reads what a mapping finds; null where there is nothing to map: our own form, or no object at all. */
const readMapped = (
  raw: RawMessage,
  value: unknown,
  { prefix, mapper }: ReadingOptions,
  context: Context,
): MessageReading | null => {
  const roots = rootsOf(value);
  if (mapper === undefined || (roots.length > 0 && roots.every(isOurs))) return null;
  const origin = readTopic(raw.topic, prefix);
  const mapped = mapper(raw, origin, roots);
  if (mapped === null) return null;
  // Of a topic that the mapping is for, what is wrong is what came, not the topic.
  if (roots.length === 0 && origin === null) return refuseValue(value, null, null);
  if (roots.length === 0) return null;
  const gateway = mapped.find((one) => one.gateway !== null)?.gateway ?? origin?.gateway ?? null;
  if (mapped.length === 0)
    return refuse(gateway, 'no-samples', 'the mapping finds no sample in it', origin?.cylinder ?? null);
  const samples: Sample[] = [];
  const rejections: Rejection[] = [];
  for (const [index, one] of mapped.entries()) {
    const reading =
      'rejection' in one
        ? { rejection: { ...one.rejection, index } }
        : readSample(one.fields, envelopeOf(one.cylinder, one.gateway, one.fields, context), index);
    if ('sample' in reading) samples.push(reading.sample);
    else rejections.push(reading.rejection);
  }
  return { gateway, samples, rejections };
};

/**
 * Reads a message from its bytes, as it arrives: as readPayload does, and lines of JSON, and NaN and Infinity, which are
 * sensors that did not answer. A message without a byte holds nothing: it clears what a broker retained.
 */
export const readMessage = (raw: RawMessage, options: ReadingOptions = {}): MessageReading => {
  const { prefix = INFERENCE_TOPIC, scorer } = options;
  const decoded = raw.body.length === 0 ? null : decodeBody(raw.body);
  if (decoded === null || 'reason' in decoded) {
    const origin = readTopic(raw.topic, prefix);
    const gateway = origin?.gateway ?? null;
    return decoded === null
      ? { gateway, samples: [], rejections: [] }
      : refuse(gateway, decoded.reason, decoded.detail, origin?.cylinder ?? null);
  }
  // A receiver that lives before 2015 itself is one of a recording, which goes by the clock of its samples.
  const context = { isReplay: raw.receivedAt < FIRST_MS, scorer };
  return (
    readMapped(raw, decoded.value, options, context) ?? readValue(raw.topic, decoded.value, prefix, context)
  );
};

/** A message with what was read in it. */
export type Received = Readonly<{ raw: RawMessage; reading: MessageReading }>;

export const received = (raw: RawMessage, options?: ReadingOptions): Received => ({
  raw,
  reading: readMessage(raw, options),
});

/** Whether a message is of a machine: what the canary says is for the way to a notice alone, and is stored nowhere. */
export const isOfPlant = ({ reading: { samples, rejections } }: Received): boolean =>
  rejections.length > 0 || samples[0]?.cylinder !== CANARY;
