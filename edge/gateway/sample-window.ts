import type { SensorValues } from '../../domain/message/sample.ts';

/** The sensor values of the last while. */
export type SampleWindow = Readonly<{ add(values: SensorValues): void; rows(): readonly SensorValues[] }>;

/** Keeps the values of `lengthMs` by a clock that is never set, and at most `most` of them. */
export const createSampleWindow = (lengthMs: number, most: number, now: () => number): SampleWindow => {
  const kept: Readonly<{ atMs: number; values: SensorValues }>[] = [];
  let next = 0;
  return {
    add(values) {
      kept[next] = { atMs: now(), values };
      next = (next + 1) % most;
    },
    rows: () => kept.filter(({ atMs }) => now() - atMs <= lengthMs).map(({ values }) => values),
  };
};
