/** How many samples there were, and how many of them abnormal, in the newest stretches of time of one length. */
export type Share = Readonly<{
  /** Number of the newest stretch since the epoch. */
  newest: number;
  received: readonly number[];
  abnormal: readonly number[];
}>;

/** An hour by the minute, a day by the hour. */
export const MINUTES_OF_HOUR = { lengthMs: 60_000, stretches: 60 } as const;
export const HOURS_OF_DAY = { lengthMs: 3_600_000, stretches: 24 } as const;

type Span = Readonly<{ lengthMs: number; stretches: number }>;

export const NO_SHARE: Share = { newest: 0, received: [], abnormal: [] };

/** A copy of a share that samples are counted in: once for all of a message. */
export type ShareDraft = { newest: number; received: number[]; abnormal: number[] };

export const draftOf = ({ newest, received, abnormal }: Share): ShareDraft => ({
  newest,
  received: received.slice(),
  abnormal: abnormal.slice(),
});

const shifted = (counts: readonly number[], by: number, stretches: number): number[] =>
  by >= stretches ? [0] : [...counts, ...new Array<number>(by).fill(0)].slice(-stretches);

/** Counts one sample at `t`, ms, no older than the newest so far. */
export const countIn = (share: ShareDraft, t: number, abnormal: boolean, span: Span): void => {
  const stretch = Math.floor(t / span.lengthMs);
  const by = share.received.length === 0 ? span.stretches : Math.max(0, stretch - share.newest);
  if (by > 0) {
    share.received = shifted(share.received, by, span.stretches);
    share.abnormal = shifted(share.abnormal, by, span.stretches);
  }
  const last = share.received.length - 1;
  share.received[last] = (share.received[last] ?? 0) + 1;
  if (abnormal) share.abnormal[last] = (share.abnormal[last] ?? 0) + 1;
  share.newest = Math.max(stretch, share.newest);
};

const sum = (counts: readonly number[]): number => counts.reduce((total, n) => total + n, 0);

/** The share of abnormal samples in the span that ends with the newest sample, 0…1; 0 where there was none. */
export const abnormalShare = ({ received, abnormal }: Share): number => {
  const all = sum(received);
  return all === 0 ? 0 : sum(abnormal) / all;
};
