import type { Sample } from './sample.ts';

/** Why a message, or one sample of it, was not understood. */
export type RejectionReason =
  | 'topic'
  | 'too-large'
  | 'not-utf8'
  | 'not-json'
  | 'not-an-object'
  | 'version'
  | 'cylinder'
  | 'no-samples'
  | 'sample'
  | 'time'
  | 'time-ahead'
  | 'identity'
  | 'probability'
  | 'sensor'
  | 'why'
  | 'store';

/** One thing that was not understood: the whole message (`index` null) or the sample at `index`. */
export type Rejection = Readonly<{
  reason: RejectionReason;
  /** A sentence for the person who looks into the quarantine. */
  detail: string;
  index: number | null;
  cylinder: string | null;
  t: number | null;
}>;

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
