import type { Rejection } from './rejection.ts';
import type { Sample } from './sample.ts';

/**
 * Parts the samples that are further ahead of the receiver's clock than tolerated, so that no bad clock moves an alarm.
 * A rejection's `index` is its place among `samples`.
 */
export const splitAhead = (
  samples: readonly Sample[],
  receivedAt: number,
  futureToleranceMs: (cylinder: string) => number,
): { samples: readonly Sample[]; rejections: readonly Rejection[] } => {
  const isAhead = (s: Sample) => s.t - receivedAt > futureToleranceMs(s.cylinder);
  if (!samples.some(isAhead)) return { samples, rejections: [] };
  const ahead = [...samples.entries()].filter(([, sample]) => isAhead(sample));
  return {
    samples: samples.filter((sample) => !isAhead(sample)),
    rejections: ahead.map(([index, { cylinder, t }]) => ({
      reason: 'time-ahead',
      detail: `${t - receivedAt} ms ahead of the receiver's clock`,
      index,
      cylinder,
      t,
    })),
  };
};
