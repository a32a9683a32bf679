import { SENSORS } from '../../domain/message/sample.ts';
import { randomSource } from '../oracle/random-source.ts';

export const SAMPLES_PER_MESSAGE = 10;
/** A cylinder speaks for so many messages and then never again, so that the oracle, which looks back over all, keeps up. */
const MESSAGES_PER_CYLINDER = 50;
/** So many speak in turn over one connection. */
const AT_ONCE = 25;
const HOUR_MS = 3_600_000;
/** How long before the start the samples of ordinary clocks begin. */
const BEFORE_MS = 6 * HOUR_MS;

export type SentSample = Readonly<{ t: number; seq: number; probability: number; isAhead: boolean }>;
export type SentMessage = Readonly<{ topic: string; payload: string }>;

/** What a soak sends, all of it known beforehand: from a seed and the moment of its start, ms. */
export type SentLine = Readonly<{
  lanes: number;
  cylinders: readonly string[];
  /** The messages of a cylinder, in their order. */
  samplesOf(cylinder: string): readonly (readonly SentSample[])[];
  messagesOf(cylinder: string): readonly SentMessage[];
  /** The messages of one connection: those of some cylinders in turn, then of the next ones. */
  lane(index: number): Generator<SentMessage, void>;
}>;

const values = Object.fromEntries(SENSORS.map((sensor, index) => [sensor, index + 1]));
const PREFIX = 'soak-';

export const isOfSoak = (cylinder: unknown): cylinder is string =>
  typeof cylinder === 'string' && cylinder.startsWith(PREFIX);

type Line = Readonly<{ samples: number; lanes: number; seed: number; startMs: number }>;

/** A line whose cylinders speak one after the other; some are abnormal for a while, and the clocks of some jump. */
export const sentLine = ({ samples, lanes, seed, startMs }: Line): SentLine => {
  const messages = Math.ceil(samples / SAMPLES_PER_MESSAGE);
  const count = Math.ceil(messages / MESSAGES_PER_CYLINDER);
  const cylinders = Array.from({ length: count }, (_, index) => `${PREFIX}${String(index).padStart(6, '0')}`);
  const messagesIn = (index: number): number =>
    index < count - 1 ? MESSAGES_PER_CYLINDER : messages - MESSAGES_PER_CYLINDER * (count - 1);

  const samplesOf = (cylinder: string): readonly (readonly SentSample[])[] => {
    const index = Number(cylinder.slice(PREFIX.length));
    const random = randomSource(Math.imul(seed, 7919) + index);
    const [isWearing, jumps] = [random.chance(0.25), random.chance(0.05)];
    let abnormalUntil = 0;
    return Array.from({ length: messagesIn(index) }, (_, message) => {
      const jump = jumps ? random.integer(0, 19) : null;
      // Ahead of every receiver's clock, or long before what was judged.
      const offMs = jump === 0 ? 24 * HOUR_MS : jump === 1 ? -4 * HOUR_MS : 0;
      return Array.from({ length: SAMPLES_PER_MESSAGE }, (_, sample) => {
        const seq = message * SAMPLES_PER_MESSAGE + sample;
        if (isWearing && seq > abnormalUntil && random.chance(0.02))
          abnormalUntil = seq + random.integer(3, 40);
        const isAbnormal = seq < abnormalUntil || random.chance(0.01);
        return {
          t: startMs - BEFORE_MS + seq * 1000 + offMs,
          seq,
          probability: isAbnormal ? 0.9 : 0.1,
          isAhead: offMs > 0,
        };
      });
    });
  };

  const messagesOf = (cylinder: string): readonly SentMessage[] =>
    samplesOf(cylinder).map((taken) => ({
      topic: `greengrass/ml/inference/soak-line/${cylinder}`,
      payload: JSON.stringify({
        v: 1,
        cylinder,
        boot: 'b1',
        model: 'm@1',
        samples: taken.map(({ t, seq, probability }) => ({ t, seq, ...values, probability })),
      }),
    }));

  return {
    lanes,
    cylinders,
    samplesOf,
    messagesOf,
    *lane(lane) {
      const own = cylinders.filter((_, index) => index % lanes === lane);
      for (let first = 0; first < own.length; first += AT_ONCE) {
        const speaking = own.slice(first, first + AT_ONCE).map(messagesOf);
        for (let turn = 0; turn < MESSAGES_PER_CYLINDER; turn += 1)
          for (const { [turn]: message } of speaking) if (message !== undefined) yield message;
      }
    },
  };
};
