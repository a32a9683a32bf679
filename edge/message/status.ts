import type { QueuedSample } from './encode-message.ts';

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
