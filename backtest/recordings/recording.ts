import { type Sample, SENSORS } from '../../domain/message/sample.ts';
import { createSpacings } from '../../edge/recordings/spacing.ts';

/** A scored sample, and whether its cylinder was truly abnormal then; null where it is not labelled. */
export type LabelledSample = Sample & Readonly<{ label: boolean | null }>;

/** One message of a recording as it was first received. */
export type RecordedMessage = Readonly<{
  gateway: string;
  /** By the receiver's clock, ms since the epoch. */
  receivedAt: number;
  samples: readonly LabelledSample[];
}>;

/** A recording to be backtested: its messages in the order in which they were received, in batches of any size. */
export type Recording = Readonly<{
  /** As the person named the file. */
  file: string;
  /** How many samples there are. */
  samples: number;
  messages: () => Iterable<readonly RecordedMessage[]> | AsyncIterable<readonly RecordedMessage[]>;
  close: () => void;
}>;

export type OpenedRecording =
  | Readonly<{ ok: true; recording: Recording }>
  | Readonly<{ ok: false; message: string }>;

/** Probability over time for a chart, in the order of time; null where no sample came for long. */
export type Trace = Readonly<{ t: readonly number[]; p: readonly (number | null)[] }>;

type Bucket = { lowT: number; low: number; highT: number; high: number };

/** A pause of so many times the usual step interrupts the line. */
const GAP_PERIODS = 5;

const widen = (bucket: Bucket, other: Bucket): void => {
  if (other.low < bucket.low) [bucket.low, bucket.lowT] = [other.low, other.lowT];
  if (other.high > bucket.high) [bucket.high, bucket.highT] = [other.high, other.highT];
};

const pointsOf = ({ lowT, low, highT, high }: Bucket): readonly (readonly [t: number, p: number])[] => {
  if (low === high) return [[lowT, low]];
  return lowT < highT
    ? [
        [lowT, low],
        [highT, high],
      ]
    : [
        [highT, high],
        [lowT, low],
      ];
};

/**
 * Thins out a cylinder's probabilities, in any order, to at most twice `maxBuckets` points: the lowest and the highest
 * of each bucket stay where they were, so that no peak is hidden. Buckets double as the recording grows.
 */
export const createTrace = (maxBuckets: number, samplePeriodMs: number) => {
  let bucketMs = samplePeriodMs;
  let buckets = new Map<number, Bucket>();

  const put = (into: Map<number, Bucket>, bucket: Bucket): void => {
    const key = Math.floor(bucket.lowT / bucketMs);
    const before = into.get(key);
    if (before === undefined) into.set(key, bucket);
    else widen(before, bucket);
  };

  return {
    add: (t: number, p: number): void => {
      put(buckets, { lowT: t, low: p, highT: t, high: p });
      while (buckets.size > maxBuckets) {
        bucketMs *= 2;
        const wider = new Map<number, Bucket>();
        for (const bucket of buckets.values()) put(wider, bucket);
        buckets = wider;
      }
    },
    /** `spacingMs` is the usual step between samples, where it is known. */
    read: (spacingMs = samplePeriodMs): Trace => {
      const points = [...buckets.values()].flatMap(pointsOf).sort(([a], [b]) => a - b);
      const gapMs = Math.max(GAP_PERIODS * spacingMs, 3 * bucketMs);
      const t: number[] = [];
      const p: (number | null)[] = [];
      for (const [at, probability] of points) {
        const last = t.at(-1);
        if (last !== undefined && at - last > gapMs) {
          t.push(last + 1);
          p.push(null);
        }
        t.push(at);
        p.push(probability);
      }
      return { t, p };
    },
  };
};

/** A trace with at most twice `maxBuckets` points, peaks kept. */
export const thinOut = (trace: Trace, maxBuckets: number, samplePeriodMs: number): Trace => {
  if (trace.t.length <= 2 * maxBuckets) return trace;
  const thinned = createTrace(maxBuckets, samplePeriodMs);
  for (const [index, t] of trace.t.entries()) {
    const p = trace.p[index] ?? null;
    if (p !== null) thinned.add(t, p);
  }
  return thinned.read();
};

/** What a recording holds, whatever the policy. Times in ms since the epoch. */
export type Facts = Readonly<{
  samples: number;
  firstMs: number;
  lastMs: number;
  /** Whether any sample says if its cylinder was truly abnormal. */
  isLabelled: boolean;
  /** The probabilities of each cylinder, for a chart. */
  traces: ReadonlyMap<string, Trace>;
  /** The values of each cylinder's sensors, in the order of SENSORS, more coarsely. */
  sensors: ReadonlyMap<string, readonly Trace[]>;
  /** The usual step between samples of each cylinder, ms; null where there is one sample only. */
  spacings: ReadonlyMap<string, number | null>;
}>;

/** There are six sensors for each probability, and a lane of theirs is narrow. */
const SENSOR_SHARE = 0.1;

type Gathered = Readonly<{
  probability: ReturnType<typeof createTrace>;
  sensors: readonly ReturnType<typeof createTrace>[];
}>;

/** Gathers the facts of a recording, message by message. */
export const createFacts = (
  traceBuckets: number,
  samplePeriodMs: number,
): Readonly<{ take(message: RecordedMessage): void; read(): Facts }> => {
  const cylinders = new Map<string, Gathered>();
  const sensorBuckets = Math.ceil(traceBuckets * SENSOR_SHARE);
  const gather = (): Gathered => ({
    probability: createTrace(traceBuckets, samplePeriodMs),
    sensors: SENSORS.map(() => createTrace(sensorBuckets, samplePeriodMs)),
  });
  const spacings = createSpacings();
  let samples = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isLabelled = false;
  return {
    take: (message) => {
      for (const { cylinder, t, probability, values, label } of message.samples) {
        samples += 1;
        firstMs = Math.min(firstMs, t);
        lastMs = Math.max(lastMs, t);
        isLabelled ||= label !== null;
        const known = cylinders.get(cylinder) ?? gather();
        cylinders.set(cylinder, known);
        known.probability.add(t, probability);
        spacings.add({ cylinder, t });
        for (const [index, trace] of known.sensors.entries()) {
          const value = values[index] ?? null;
          if (value !== null) trace.add(t, value);
        }
      }
    },
    read: () => {
      const typical = spacings.typical();
      const each = <T>(read: (gathered: Gathered, spacingMs?: number) => T): ReadonlyMap<string, T> =>
        new Map([...cylinders].map(([name, its]) => [name, read(its, typical.get(name) ?? undefined)]));
      return {
        samples,
        firstMs,
        lastMs,
        isLabelled,
        spacings: typical,
        traces: each(({ probability }, spacingMs) => probability.read(spacingMs)),
        sensors: each(({ sensors }, spacingMs) => sensors.map((trace) => trace.read(spacingMs))),
      };
    },
  };
};

/** How often each type occurs, in the order of the alphabet. */
export const countByType = (types: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(types, (type) => type)]
      .map(([type, its]) => [type, its.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
