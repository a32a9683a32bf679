import type { Rejection } from './rejection.ts';
import type { Sample } from './sample.ts';

/** Whether a sample is further ahead of the receiver's clock than tolerated: neither stored nor judged, but quarantined. */
export const isAhead = (t: number, receivedAt: number, futureToleranceMs: number): boolean =>
  t - receivedAt > futureToleranceMs;

/**
 * Parts the samples that are further ahead of the receiver's clock than tolerated, so that no bad clock moves an alarm.
 * A rejection's `index` is its place among `samples`.
 */
export const splitAhead = (
  samples: readonly Sample[],
  receivedAt: number,
  futureToleranceMs: (cylinder: string) => number,
): { samples: readonly Sample[]; rejections: readonly Rejection[] } => {
  const isTooFar = ({ t, cylinder }: Sample) => isAhead(t, receivedAt, futureToleranceMs(cylinder));
  if (!samples.some(isTooFar)) return { samples, rejections: [] };
  const ahead = [...samples.entries()].filter(([, sample]) => isTooFar(sample));
  return {
    samples: samples.filter((sample) => !isTooFar(sample)),
    rejections: ahead.map(([index, { cylinder, t }]) => ({
      reason: 'time-ahead',
      detail: `${t - receivedAt} ms ahead of the receiver's clock`,
      index,
      cylinder,
      t,
    })),
  };
};
