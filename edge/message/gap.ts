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
