import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { LATEST_MS, SENSORS } from '../../domain/message/sample.ts';
import type { Origin, ScoredSample, TakenSample } from '../message/encode-message.ts';

/** The origins of queued samples by small numbers, which each sample carries instead of three texts. */
export type OriginTable = Readonly<{
  /** The number of an origin; a new one is kept with the next `save`. */
  idOf(origin: Origin): number;
  originOf(id: number): Origin;
  /** Writes new origins; within the transaction of the samples that need them. */
  save(): void;
  /** Says that the transaction of the last `save` was committed. */
  saved(): void;
}>;

/** Begins with the origins that are stored; `insert` stores another one. */
export const createOriginTable = (
  stored: Iterable<readonly [id: number, origin: Origin]>,
  insert: (id: number, origin: Origin) => void,
): OriginTable => {
  const origins = new Map<number, Origin>();
  const ids = new Map<string, number>();
  /** Senders use the same object for many samples: to look it up is cheaper than to make a key. */
  const known = new WeakMap<Origin, number>();
  let nextId = 1;
  let unsaved: number[] = [];

  function know(id: number, origin: Origin): void {
    origins.set(id, origin);
    ids.set(keyOf(origin), id);
    nextId = Math.max(nextId, id + 1);
  }

  for (const [id, origin] of stored) know(id, origin);

  return {
    idOf(origin) {
      const id = known.get(origin) ?? ids.get(keyOf(origin)) ?? nextId;
      if (id === nextId) {
        know(id, origin);
        unsaved.push(id);
      }
      known.set(origin, id);
      return id;
    },
    originOf(id) {
      const origin = origins.get(id);
      if (origin === undefined) throw new Error(`The queue holds a sample of an unknown origin, ${id}.`);
      return origin;
    },
    save() {
      for (const id of unsaved) {
        const origin = origins.get(id);
        if (origin !== undefined) insert(id, origin);
      }
    },
    saved() {
      unsaved = [];
    },
  };
};

const keyOf = ({ cylinder, boot, model, challenger = '' }: Origin): string =>
  `${cylinder}\n${boot}\n${model}\n${challenger}`;

/** The samples on disk, by event time. */
export type SampleTable = Readonly<{
  insert(samples: readonly TakenSample[]): void;
  delete(samples: readonly TakenSample[]): void;
  /** Samples from `fromMs` on and before `beforeMs`, oldest first. */
  between(fromMs: number, beforeMs: number, limit: number): readonly TakenSample[];
  newestMs(): number | null;
  count(): number;
  /** Bytes of the file that are in use. */
  usedBytes(): number;
}>;

export const createSampleTable = (database: DatabaseSync, origins: OriginTable): SampleTable => {
  const insert = database.prepare('INSERT OR REPLACE INTO sample (t, origin, seq, body) VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM sample WHERE t = ? AND origin = ? AND seq = ?');
  const select = database.prepare(
    'SELECT t, origin, seq, body FROM sample WHERE t >= ? AND t < ? ORDER BY t, origin, seq LIMIT ?',
  );
  const newest = database.prepare('SELECT max(t) AS t FROM sample');
  const tally = database.prepare('SELECT samples FROM tally');
  const addToTally = database.prepare('UPDATE tally SET samples = samples + ?');
  const pages = database.prepare('PRAGMA page_count');
  const freePages = database.prepare('PRAGMA freelist_count');
  const pageBytes = numberOf(database.prepare('PRAGMA page_size'), 'page_size');

  function sampleOf(row: Record<string, SQLOutputValue>): TakenSample {
    const { t, origin, seq, body } = row;
    if (!(body instanceof Uint8Array)) throw new Error('The queue holds a sample without its values.');
    const originId = Number(origin);
    return {
      originId,
      origin: origins.originOf(originId),
      sample: { t: Number(t), seq: Number(seq), ...decodeBody(body) },
    };
  }

  return {
    insert(samples) {
      for (const { originId, sample } of samples)
        insert.run(sample.t, originId, sample.seq, encodeBody(sample));
      if (samples.length > 0) addToTally.run(samples.length);
    },
    delete(samples) {
      let gone = 0;
      for (const { originId, sample } of samples)
        gone += Number(remove.run(sample.t, originId, sample.seq).changes);
      if (gone > 0) addToTally.run(-gone);
    },
    between: (fromMs, beforeMs, limit) => select.all(dateOf(fromMs), dateOf(beforeMs), limit).map(sampleOf),
    newestMs() {
      const t = newest.get()?.t ?? null;
      return t === null ? null : Number(t);
    },
    count: () => numberOf(tally, 'samples'),
    usedBytes: () => (numberOf(pages, 'page_count') - numberOf(freePages, 'freelist_count')) * pageBytes,
  };
};

/** The nearest time that a sample can have. */
const dateOf = (ms: number): number => Math.max(-LATEST_MS, Math.min(ms, LATEST_MS));

const numberOf = (statement: StatementSync, column: string): number => Number(statement.get()?.[column]);

/** What of a sample is kept in one piece. */
type SampleBody = Pick<ScoredSample, 'values' | 'probability' | 'why' | 'challengerProbability'>;

const PROBABILITY_AT = SENSORS.length * 8;
const WHY_AT = PROBABILITY_AT + 4;
const WHY_BYTES = SENSORS.length * 4;
const CHALLENGER_BYTES = 4;

/**
 * Writes six doubles (NaN for a sensor that did not answer), the probability and, where there are any, six contributions
 * and what the model on trial says, all in single precision. How long it is says which of them there are.
 */
export const encodeBody = ({
  values,
  probability,
  why,
  challengerProbability: tried,
}: SampleBody): Uint8Array => {
  const challengerAt = WHY_AT + (why === null ? 0 : WHY_BYTES);
  const length = challengerAt + (tried === undefined ? 0 : CHALLENGER_BYTES);
  const body = new DataView(new ArrayBuffer(length));
  for (let index = 0; index < SENSORS.length; index++) {
    body.setFloat64(index * 8, values[index] ?? Number.NaN);
    if (why !== null) body.setFloat32(WHY_AT + index * 4, why[index] ?? 0);
  }
  body.setFloat32(PROBABILITY_AT, probability);
  if (tried !== undefined) body.setFloat32(challengerAt, tried);
  return new Uint8Array(body.buffer);
};

/** Reads what `encodeBody` wrote. */
export const decodeBody = (bytes: Uint8Array): SampleBody => {
  const body = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: (number | null)[] = [];
  const why: number[] = [];
  const isExplained = bytes.byteLength >= WHY_AT + WHY_BYTES;
  const challengerAt = WHY_AT + (isExplained ? WHY_BYTES : 0);
  for (let index = 0; index < SENSORS.length; index++) {
    const value = body.getFloat64(index * 8);
    values.push(Number.isNaN(value) ? null : value);
    if (isExplained) why.push(body.getFloat32(WHY_AT + index * 4));
  }
  return {
    values,
    probability: body.getFloat32(PROBABILITY_AT),
    why: isExplained ? why : null,
    ...(bytes.byteLength >= challengerAt + CHALLENGER_BYTES
      ? { challengerProbability: body.getFloat32(challengerAt) }
      : {}),
  };
};

/** A set of samples by what names them: their origin and number. */
export type SampleSet = Readonly<{
  add(sample: TakenSample): void;
  has(sample: TakenSample): boolean;
  delete(sample: TakenSample): void;
  size(): number;
}>;

export const createSampleSet = (): SampleSet => {
  const numbers = new Map<number, Set<number>>();
  let size = 0;
  return {
    add({ originId, sample }) {
      const own = numbers.get(originId) ?? new Set();
      numbers.set(originId, own);
      if (own.has(sample.seq)) return;
      own.add(sample.seq);
      size += 1;
    },
    has: ({ originId, sample }) => numbers.get(originId)?.has(sample.seq) ?? false,
    delete({ originId, sample }) {
      const own = numbers.get(originId);
      if (own?.delete(sample.seq) !== true) return;
      size -= 1;
      if (own.size === 0) numbers.delete(originId);
    },
    size: () => size,
  };
};
