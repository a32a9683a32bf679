import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import type { SourceSample } from '../../edge/sources/source.ts';
import type { LabelledSample, RecordedMessage } from './recording.ts';

/** The probability of abnormal of a cylinder's samples, each in its turn: a model may look back on those before. */
export type Scoring = (values: SensorValues, cylinder: string) => number;

/** A model as far as a backtest needs it: its name, and what scores a recording from its beginning. */
export type Scorer = Readonly<{ name: string; start: () => Scoring }>;

/** Scored samples of a file as the messages that they would have been, one each, in the order of time; read as often as is asked. */
export type PackedMessages = Iterable<RecordedMessage> &
  Readonly<{ count: number; rescored(scorer: Scorer): PackedMessages }>;

const GATEWAY = 'recording';
const WIDTH = SENSORS.length;
const CHUNK_ROWS = 1 << 16;

/** A stretch of samples in columns, 70 bytes each instead of some 400 as objects; a sensor that did not answer is NaN. */
type Chunk = Readonly<{
  t: Float64Array;
  values: Float64Array;
  probability: Float64Array;
  /** 1 abnormal, 0 sound, −1 not labelled. */
  label: Int8Array;
  /** The place of the name. */
  cylinder: Uint32Array;
}>;

const emptyChunk = (): Chunk => ({
  t: new Float64Array(CHUNK_ROWS),
  values: new Float64Array(CHUNK_ROWS * WIDTH),
  probability: new Float64Array(CHUNK_ROWS),
  label: new Int8Array(CHUNK_ROWS),
  cylinder: new Uint32Array(CHUNK_ROWS),
});

type Packed = Readonly<{
  count: number;
  chunks: readonly Chunk[];
  names: readonly string[];
  /** The places in the order of time; null where that is how they are. */
  order: Uint32Array | null;
  model: string;
}>;

const valuesAt = ({ values }: Chunk, at: number): (number | null)[] => {
  const row: (number | null)[] = [];
  for (let place = at * WIDTH; place < (at + 1) * WIDTH; place += 1) {
    const value = values[place] ?? Number.NaN;
    row.push(Number.isNaN(value) ? null : value);
  }
  return row;
};

const sampleAt = (chunk: Chunk, at: number, { names, model }: Packed): LabelledSample => {
  const label = chunk.label[at] ?? -1;
  return {
    cylinder: names[chunk.cylinder[at] ?? 0] ?? '',
    gateway: GATEWAY,
    t: chunk.t[at] ?? 0,
    boot: null,
    seq: null,
    model,
    values: valuesAt(chunk, at),
    probability: chunk.probability[at] ?? 0,
    why: null,
    label: label < 0 ? null : label === 1,
  };
};

/** A sample was received when it was taken, and not before any that was received earlier. */
function* messagesOf(packed: Packed): Generator<RecordedMessage, void> {
  const { count, chunks, order } = packed;
  for (let place = 0; place < count; place += 1) {
    const at = order === null ? place : (order[place] ?? 0);
    const chunk = chunks[Math.floor(at / CHUNK_ROWS)];
    if (chunk === undefined) return;
    const sample = sampleAt(chunk, at % CHUNK_ROWS, packed);
    yield { gateway: GATEWAY, receivedAt: sample.t, samples: [sample] };
  }
}

const rescored = (packed: Packed, { name, start }: Scorer): Packed => {
  const probability = start();
  const nameAt = ({ cylinder }: Chunk, at: number): string => packed.names[cylinder[at] ?? 0] ?? '';
  return {
    ...packed,
    model: name,
    chunks: packed.chunks.map((chunk, place) => {
      const rows = Math.min(CHUNK_ROWS, packed.count - place * CHUNK_ROWS);
      const scores = Float64Array.from({ length: rows }, (_, at) =>
        probability(valuesAt(chunk, at), nameAt(chunk, at)),
      );
      return { ...chunk, probability: scores };
    }),
  };
};

const packedMessages = (packed: Packed): PackedMessages => ({
  count: packed.count,
  rescored: (scorer) => packedMessages(rescored(packed, scorer)),
  [Symbol.iterator]: () => messagesOf(packed),
});

const inTime = (chunks: readonly Chunk[], count: number): Uint32Array => {
  const times = new Float64Array(chunks.length * CHUNK_ROWS);
  for (const [place, { t }] of chunks.entries()) times.set(t, place * CHUNK_ROWS);
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  return order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
};

/**
 * Scores samples and keeps them. Cylinders that stand one after the other in a file are put side by side, as they were
 * when it was recorded.
 */
export const createPackedSamples = ({ name: model, start }: Scorer) => {
  const probability = start();
  const chunks: Chunk[] = [];
  const places = new Map<string, number>();
  let [count, isInOrder, lastMs] = [0, true, Number.NEGATIVE_INFINITY];
  let last = emptyChunk();
  return {
    count: () => count,
    add: ({ cylinder, t, values, label }: SourceSample): void => {
      const at = count % CHUNK_ROWS;
      if (at === 0) {
        last = emptyChunk();
        chunks.push(last);
      }
      const place = places.get(cylinder) ?? places.size;
      places.set(cylinder, place);
      last.t[at] = t;
      last.cylinder[at] = place;
      last.label[at] = label === null ? -1 : Number(label);
      last.probability[at] = probability(values, cylinder);
      for (let sensor = 0; sensor < WIDTH; sensor += 1)
        last.values[at * WIDTH + sensor] = values[sensor] ?? Number.NaN;
      isInOrder &&= t >= lastMs;
      lastMs = t;
      count += 1;
    },
    /** The messages of all that was added; nothing may be added any more. */
    messages: (): PackedMessages => {
      const order = isInOrder ? null : inTime(chunks, count);
      return packedMessages({ count, chunks, names: [...places.keys()], order, model });
    },
  };
};
