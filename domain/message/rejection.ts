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

const QUARTER_MS = 900_000;
const FURTHEST_ZONE_MS = 14 * 3_600_000;
const DECADES_MS = 50 * 365 * 86_400_000;

/** What is likely wrong with a clock that is so far ahead, as the end of a sentence; empty where nothing is known. */
const aheadAdvice = (aheadMs: number): string => {
  if (aheadMs > DECADES_MS) return '; if it counts from 1904, as LabVIEW does, map time as labview';
  const quarters = Math.round(aheadMs / QUARTER_MS);
  const isZone = quarters > 0 && aheadMs <= FURTHEST_ZONE_MS + 60_000;
  return isZone && Math.abs(aheadMs - quarters * QUARTER_MS) < 60_000
    ? "; if its clock is local, map the time's zone"
    : '';
};

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
      detail: `${t - receivedAt} ms ahead of the receiver's clock${aheadAdvice(t - receivedAt)}`,
      index,
      cylinder,
      t,
    })),
  };
};
