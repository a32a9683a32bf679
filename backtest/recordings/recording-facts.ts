import type { RecordedMessage } from './recording.ts';
import { createSpacing } from './spacing.ts';
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
  /** The step between samples of each cylinder, the median, ms; null where there is one sample only. */
  spacings: ReadonlyMap<string, number | null>;
}>;

/** Gathers the facts of a recording, message by message. */
export const createFacts = (
  traceBuckets: number,
  samplePeriodMs: number,
): Readonly<{ take(message: RecordedMessage): void; read(): Facts }> => {
  const traces = new Map<string, ReturnType<typeof createTrace>>();
  const spacings = new Map<string, ReturnType<typeof createSpacing>>();
  let samples = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isLabelled = false;
  return {
    take: (message) => {
      for (const { cylinder, t, probability, label } of message.samples) {
        samples += 1;
        firstMs = Math.min(firstMs, t);
        lastMs = Math.max(lastMs, t);
        isLabelled ||= label !== null;
        const trace = traces.get(cylinder) ?? createTrace(traceBuckets, samplePeriodMs);
        trace.add(t, probability);
        traces.set(cylinder, trace);
        const spacing = spacings.get(cylinder) ?? createSpacing();
        spacing.add(t);
        spacings.set(cylinder, spacing);
      }
    },
    read: () => ({
      samples,
      firstMs,
      lastMs,
      isLabelled,
      spacings: new Map([...spacings].map(([name, spacing]) => [name, spacing.medianMs()])),
      traces: new Map([...traces].map(([name, trace]) => [name, trace.read()])),
    }),
  };
};

/** How often each type occurs, in the order of the alphabet. */
export const countByType = (types: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(types, (type) => type)]
      .map(([type, its]) => [type, its.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
