import { SENSORS } from '../../domain/message/sample.ts';
import { createSpacings } from '../../edge/recordings/spacing.ts';
import type { RecordedMessage } from './recording.ts';
import { createTrace, type Trace } from './trace.ts';

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
