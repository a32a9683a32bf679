import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import { inferenceTopic } from '../../domain/message/topic.ts';
import { float32Text } from '../model/predict/single-precision.ts';

/** A sample that the model has scored and the gateway has numbered. */
export type ScoredSample = Readonly<{
  /** Event time, ms since the epoch. */
  t: number;
  /** Counts the samples of one cylinder since the gateway's start, from 0. */
  seq: number;
  values: SensorValues;
  /** 0…1, single precision. */
  probability: number;
  /** Contribution of each sensor to the log-odds, in the order of SENSORS. */
  why: readonly number[] | null;
  /** What the model on trial says, 0…1, single precision; its origin names that model. */
  challengerProbability?: number;
}>;

/** Where a sample comes from: its cylinder, the start of the gateway that numbered it, the model that scored it, and one on trial. */
export type Origin = Readonly<{ cylinder: string; boot: string; model: string; challenger?: string }>;

/** Who speaks, of which cylinder, since which start and by which model. */
export type Sender = Readonly<{ gateway: string }> & Origin;

/** A message ready to publish; `samples` is how many are in it. */
export type EncodedMessage = Readonly<{ topic: string; payload: string; samples: number }>;

/** What a message may weigh, so that AWS IoT counts it as one (5 KB) with room for its topic. */
export const MAX_PAYLOAD_BYTES = 4500;
export const MAX_SAMPLES = 10;

/** Writes samples of one cylinder, in their order, as the fewest messages of at most ten samples and 4,500 bytes. */
export const encodeMessages = (sender: Sender, samples: readonly ScoredSample[]): EncodedMessage[] => {
  const messages: EncodedMessage[] = [];
  const topic = inferenceTopic(sender.gateway, sender.cylinder);
  const { cylinder, boot, model, challenger } = sender;
  const head = `${JSON.stringify({ v: 1, cylinder, boot, model, challenger }).slice(0, -1)},"samples":[`;
  const tail = ']}';
  let parts: string[] = [];
  let bytes = 0;

  function finish(): void {
    if (parts.length > 0)
      messages.push({ topic, payload: head + parts.join(',') + tail, samples: parts.length });
    parts = [];
    bytes = Buffer.byteLength(head) + tail.length;
  }

  finish();
  for (const sample of samples) {
    const part = encodeSample(sample);
    // All of a sample is ASCII: its length is its bytes, and one more is for the comma.
    if (parts.length === MAX_SAMPLES || bytes + part.length + 1 > MAX_PAYLOAD_BYTES) finish();
    parts.push(part);
    bytes += part.length + 1;
  }
  finish();
  return messages;
};

const encodeSample = (sample: ScoredSample): string => {
  const { t, seq, values, probability, why, challengerProbability: tried } = sample;
  const fields = [`"t":${t}`, `"seq":${seq}`];
  for (const [index, sensor] of SENSORS.entries()) {
    const value = values[index] ?? null;
    if (value !== null) fields.push(`"${sensor}":${value}`);
  }
  // A message in which no sensor is named is taken for one that names them otherwise.
  if (fields.length === 2) fields.push(`"${SENSORS[0]}":null`);
  fields.push(`"probability":${float32Text(probability)}`);
  if (tried !== undefined) fields.push(`"challengerProbability":${float32Text(tried)}`);
  if (why !== null) fields.push(`"why":[${why.map((share) => Number(share.toPrecision(4))).join(',')}]`);
  return `{${fields.join(',')}}`;
};

/** A scored sample with all that its message needs. */
export type QueuedSample = Readonly<{ origin: Origin; sample: ScoredSample }>;

/** A sample that the queue has handed out; `originId` is the queue's own number for its origin. */
export type TakenSample = QueuedSample & Readonly<{ originId: number }>;

/** Samples of one cylinder and start that were given up: how many, and between which numbers and event times (ms) they lie. */
export type Gap = Readonly<{
  cylinder: string;
  boot: string;
  fromSeq: number;
  toSeq: number;
  fromT: number;
  toT: number;
  samples: number;
}>;

/** The gaps that the loss of these samples leaves: one for each cylinder and start. */
export const gapsOf = (lost: readonly QueuedSample[]): readonly Gap[] => {
  const gaps = new Map<string, Gap>();
  for (const { origin, sample } of lost) {
    const { cylinder, boot } = origin;
    const one = { cylinder, boot, fromSeq: sample.seq, toSeq: sample.seq, fromT: sample.t, toT: sample.t };
    const key = `${cylinder}/${boot}`;
    const known = gaps.get(key);
    gaps.set(key, known === undefined ? { ...one, samples: 1 } : joinGaps(known, { ...one, samples: 1 }));
  }
  return [...gaps.values()];
};

/** Two gaps of the same cylinder and start as one. */
export const joinGaps = (one: Gap, other: Gap): Gap => ({
  cylinder: one.cylinder,
  boot: one.boot,
  fromSeq: Math.min(one.fromSeq, other.fromSeq),
  toSeq: Math.max(one.toSeq, other.toSeq),
  fromT: Math.min(one.fromT, other.fromT),
  toT: Math.max(one.toT, other.toT),
  samples: one.samples + other.samples,
});

/** What a gateway says of itself; times in ms since the epoch. */
export type Status =
  /** It runs: under which start and by which model, with how many samples from before in its queue. */
  | Readonly<{ kind: 'started'; t: number; boot: string; model: string; queued: number }>
  /** Samples that were given up as the queue was full or they were too old. */
  | (Readonly<{ kind: 'gap' }> & Gap)
  /** The clock was set, or the machine slept: by how much it jumped, forth (positive) or back. */
  | Readonly<{ kind: 'clock'; t: number; jumpMs: number }>
  /** Another model scores, or the new one was refused and the old one stays. */
  | Readonly<{ kind: 'model'; t: number; model: string; modelError: string | null }>
  /** Another model is on trial, or the new one could not be read and nothing has changed (null). */
  | Readonly<{ kind: 'challenger'; t: number; challenger: string | null; modelError: string | null }>
  /** A source: lines of it that were not understood since the last word, or its end. */
  | Readonly<{ kind: 'source'; t: number; source: string; badLines: number; message: string }>
  /** The disk refuses the queue, or (null) takes it again. */
  | Readonly<{ kind: 'queue'; t: number; message: string | null }>;

/** The topic on which a gateway speaks of itself; receivers of samples do not read it. */
export const statusTopic = (gateway: string): string => `greengrass/ml/status/${gateway}`;

/** The topic on which a gateway hears itself, to know that what went before has arrived. */
export const echoTopic = (gateway: string): string => `greengrass/ml/echo/${gateway}`;

/** A text of so many characters stays far below what a message may weigh, whatever it is made of. */
const LONGEST_TEXT = 700;

/** Writes a status as its message's payload, less than 4,500 bytes; a text that is too long is cut. */
export const encodeStatus = (status: Status): string =>
  JSON.stringify({ v: 1, ...status }, (_, value: unknown) =>
    typeof value === 'string' && value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value,
  );
