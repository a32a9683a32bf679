import { inferenceTopic } from '../../domain/message/topic.ts';
import { encodeMessages } from '../../edge/message/encode-message.ts';

export type Traffic = Readonly<{
  cylinders: number;
  samplesPerMessage: number;
  /** When the second 0 was, ms. */
  startMs: number;
  fromSecond?: number;
}>;
export type TrafficMessage = Readonly<{ topic: string; payload: string }>;

/** The topics of all gateways' cylinders. */
export const ALL_TOPICS = inferenceTopic('+', '+');

export const BOOT = '01JDBENCHBENCHBENCHBENCH00';
export const MODEL = 'anomaly-detection@1.2.0';

/** One in so many cylinders is worn for a while, one in so many samples is abnormal by itself. */
const WORN_OF = 25;
const ODD_OF = 100;
/** A worn cylinder is so for this many seconds of every hour. */
const WORN_S = 1200;
const CYCLE_S = 3600;

/** Numbers that look random and are the same every time (mulberry32), 0…1. */
const seeded = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Whether a cylinder is in trouble in this second of its life. */
export const isWorn = (cylinder: number, second: number): boolean =>
  cylinder % WORN_OF === 0 && (second + cylinder * 40) % CYCLE_S < WORN_S;

/**
 * Messages of the contract, one cylinder after the other, for ever: six sensors and a probability once a second of
 * event time, numbered; mostly normal, with a few cylinders that are abnormal for minutes and odd samples elsewhere.
 */
export function* traffic({
  cylinders,
  samplesPerMessage,
  startMs,
  fromSecond = 0,
}: Traffic): Generator<TrafficMessage, never> {
  const random = seeded(1);
  const near = (mean: number, spread: number): number =>
    Math.round((mean + spread * (random() + random() - 1)) * 100) / 100;
  const sampleAt = (cylinder: number, second: number) => {
    const abnormal = isWorn(cylinder, second) || random() < 1 / ODD_OF;
    const trouble = abnormal ? 2 : 1;
    return {
      t: startMs + second * 1000,
      seq: second,
      values: [
        near(46 + 4 * trouble, 1),
        near(2.3 * trouble, 0.2),
        near(1.9 * trouble, 0.2),
        near(3.4, 0.1),
        near(41, 2),
        near(1180, 15),
      ],
      probability: Math.fround(abnormal ? 0.8 + 0.2 * random() : 0.2 * random()),
      why: null,
    };
  };
  for (let second = fromSecond; ; second += samplesPerMessage) {
    for (let cylinder = 0; cylinder < cylinders; cylinder += 1) {
      const samples = Array.from({ length: samplesPerMessage }, (_, index) =>
        sampleAt(cylinder, second + index),
      );
      const name = `cyl-${String(cylinder).padStart(3, '0')}`;
      yield* encodeMessages({ gateway: 'line-1', cylinder: name, boot: BOOT, model: MODEL }, samples);
    }
  }
}
