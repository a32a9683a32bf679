import type { DriftFinding } from '../alarm/state/output.ts';
import { type Sample, SENSORS, type SensorValues } from '../message/sample.ts';
import { binOf, type DriftReference, type Histogram } from '../model/histogram.ts';

/** What is watched for drift: each sensor, and what the model says. */
export const MEASURED = [...SENSORS, 'score'] as const;

/** What is known of the drift of one cylinder: plain JSON data, counted by the bins of one reference. */
export type Drift = Readonly<{
  reference: string;
  /** The hours since the epoch in which counting began, and of the newest sample; and its minute. */
  fromHour: number;
  hour: number;
  minute: number;
  /** For each of MEASURED its bins and how often it was missing; what is a day old counts e times less. */
  counts: readonly number[];
  /** The shares of the bins in its first day, per mille: how this cylinder differs from the others that the card is of. */
  own: readonly number[] | null;
  /** Since when the value of each sensor has not changed, ms. */
  heldSince: readonly number[];
  /** Population stability index of each of MEASURED against the card; null while too little is counted. */
  psi: readonly number[] | null;
  found: readonly DriftFinding[];
  /** Since when operators know of it, ms by its samples; null while there is nothing to know. */
  since: number | null;
}>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const HOURS_OF_DAY = 24;
/** What is an hour older counts so much less, so that all that counts is a day. */
const KEPT_AN_HOUR = 1 - 1 / HOURS_OF_DAY;
/** After so many hours without a sample nothing is left of what was counted. */
const FORGOTTEN_HOURS = 72;
/** Less than this is not compared, ms of samples. */
const ENOUGH_MS = 2 * HOUR_MS;

/** Population stability index: under 0.1 is stable, over 0.25 has shifted (Siddiqi, Credit Risk Scorecards, 2006). */
const SHIFTED = 0.25;
const STABLE = 0.1;
/** A sensor that fails to answer so much more often than in the reference is missing, until it is so little. */
const MISSING = { from: 0.1, until: 0.05 } as const;
const STUCK_MS = HOUR_MS;
/** Others move: what stands still with all others is a machine that is off. */
const MOVES_MS = 10 * MINUTE_MS;
/** A sensor that took fewer values than this in the reference may well stand still. */
const LEAST_EDGES = 3;

const begin = ({ id, histograms }: DriftReference, t: number): Drift => ({
  reference: id,
  fromHour: Math.floor(t / HOUR_MS),
  hour: Math.floor(t / HOUR_MS),
  minute: Math.floor(t / MINUTE_MS),
  counts: histograms.flatMap(({ counts }) => [...counts.map(() => 0), 0]),
  own: null,
  heldSince: SENSORS.map(() => t),
  psi: null,
  found: [],
  since: null,
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Half a count is added to each bin, so that one that is empty weighs as little as it says. */
const smoothed = (counts: readonly number[]): readonly number[] => {
  const all = sum(counts) + counts.length / 2;
  return counts.map((count) => (count + 0.5) / all);
};

/** Population stability index of counts against those expected, bin by bin. */
export const stabilityIndex = (expected: readonly number[], actual: readonly number[]): number => {
  const [before, now] = [smoothed(expected), smoothed(actual)];
  return now.reduce((total, q, bin) => {
    const p = before[bin] ?? q;
    return total + (q - p) * Math.log(q / p);
  }, 0);
};

type Compared = Readonly<{ bins: readonly number[]; missing: number; expected: Histogram }>;

/** The counts of each of MEASURED beside what the card has of it. */
const compared = (flat: readonly number[], { histograms }: DriftReference): readonly Compared[] => {
  let at = 0;
  return histograms.map((expected) => {
    const bins = flat.slice(at, at + expected.counts.length);
    at += expected.counts.length + 1;
    return { bins, missing: flat[at - 1] ?? 0, expected };
  });
};

const PER_MILLE = 1000;

const sharesOf = (flat: readonly number[], reference: DriftReference): readonly number[] =>
  compared(flat, reference).flatMap(({ bins, missing }) => {
    const all = Math.max(1, sum(bins) + missing);
    return [...bins, missing].map((count) => Math.round((PER_MILLE * count) / all));
  });

const missingShare = (bins: readonly number[], missing: number): number =>
  missing === 0 ? 0 : missing / (sum(bins) + missing);

/**
 * What is amiss now. A sensor has moved where it lies elsewhere than in the card, and elsewhere than in the first day of this
 * cylinder: a card is of many, and each of them differs from all together. What was found stays found until it is stable.
 */
const findingsIn = (drift: Drift, reference: DriftReference, t: number): Pick<Drift, 'psi' | 'found'> => {
  const measures = compared(drift.counts, reference);
  const owns = drift.own === null ? null : compared(drift.own, reference);
  const wasFound = (what: string, kind: DriftFinding['kind']): boolean =>
    drift.found.some((found) => found.what === what && found.kind === kind);
  const isMoving = drift.heldSince.some((since) => t - since < MOVES_MS);
  const psi = measures.map(({ bins, expected }) =>
    sum(bins) === 0 ? 0 : stabilityIndex(expected.counts, bins),
  );
  const found = measures.flatMap(({ bins, missing, expected }, index): readonly DriftFinding[] => {
    const what = MEASURED[index] ?? 'score';
    const kinds: DriftFinding['kind'][] = [];
    const own = owns?.[index];
    const shift = Math.min(
      psi[index] ?? 0,
      own === undefined || sum(bins) === 0 ? 0 : stabilityIndex(own.bins, scaled(bins)),
    );
    if (shift >= (wasFound(what, 'moved') ? STABLE : SHIFTED)) kinds.push('moved');
    const more = missingShare(bins, missing) - missingShare(expected.counts, expected.missing);
    if (more >= (wasFound(what, 'missing') ? MISSING.until : MISSING.from)) kinds.push('missing');
    const heldMs = t - (drift.heldSince[index] ?? t);
    if (heldMs >= STUCK_MS && isMoving && expected.edges.length >= LEAST_EDGES) kinds.push('stuck');
    return kinds.map((kind) => ({ what, kind }));
  });
  return { psi: psi.map((value) => Number(value.toFixed(2))), found };
};

/** Counts per mille, as those of the first day are kept. */
const scaled = (bins: readonly number[]): readonly number[] => {
  const all = sum(bins);
  return bins.map((count) => (PER_MILLE * count) / all);
};

/** What operators are to be told of, once each: that there is drift, or that there is none any more. */
export type DriftEvent = Readonly<{
  type: 'DRIFTED' | 'SETTLED';
  since: number;
  found: readonly DriftFinding[];
}>;

/** The drift as a sample is taken, and what operators have to be told because of it. */
export type DriftStep = Readonly<{ drift: Drift; event: DriftEvent | null }>;

const isEnough = ({ counts }: Drift, reference: DriftReference, samplePeriodMs: number): boolean => {
  const [first] = compared(counts, reference);
  return first !== undefined && (sum(first.bins) + first.missing) * samplePeriodMs >= ENOUGH_MS;
};

/** A new minute: looks at what was counted until then. */
const look = (drift: Drift, reference: DriftReference, t: number, samplePeriodMs: number): DriftStep => {
  const minute = Math.floor(t / MINUTE_MS);
  if (!isEnough(drift, reference, samplePeriodMs)) return { drift: { ...drift, minute }, event: null };
  const isDayOver = drift.own === null && drift.hour - drift.fromHour >= HOURS_OF_DAY;
  const known = isDayOver ? { ...drift, own: sharesOf(drift.counts, reference) } : drift;
  const { psi, found } = findingsIn(known, reference, t);
  const isFound = found.length > 0;
  const since = isFound ? (drift.since ?? t) : null;
  const next = { ...known, minute, psi, found, since };
  if (isFound === (drift.since !== null)) return { drift: next, event: null };
  return {
    drift: next,
    event: {
      type: isFound ? 'DRIFTED' : 'SETTLED',
      since: drift.since ?? t,
      found: isFound ? found : drift.found,
    },
  };
};

const fade = (drift: Drift, hour: number): Drift => {
  const hours = hour - drift.hour;
  const kept = hours >= FORGOTTEN_HOURS ? 0 : KEPT_AN_HOUR ** hours;
  // Rounded down: what is rare would never be forgotten otherwise.
  return { ...drift, hour, counts: drift.counts.map((count) => Math.floor(count * kept)) };
};

/** What is taken note of: a sample later than all before it, the values before it, and the period of samples, ms. */
export type DriftInput = Readonly<{
  sample: Sample;
  before: SensorValues | null;
  isIdle: boolean;
  samplePeriodMs: number;
}>;

/** Counts one sample; what stands idle is not compared with what a model was trained on while it ran. */
export const followDrift = (
  known: Drift | null,
  { sample, before, isIdle, samplePeriodMs }: DriftInput,
  reference: DriftReference,
): DriftStep => {
  const { t, values, probability } = sample;
  const started = known?.reference === reference.id ? known : begin(reference, t);
  const isNewMinute = Math.floor(t / MINUTE_MS) > started.minute;
  const step = isNewMinute ? look(started, reference, t, samplePeriodMs) : { drift: started, event: null };
  const hour = Math.floor(t / HOUR_MS);
  const drift = hour > step.drift.hour ? fade(step.drift, hour) : step.drift;
  const heldSince = drift.heldSince.map((since, index) =>
    isIdle || before === null || values[index] !== before[index] || values[index] === null ? t : since,
  );
  if (isIdle) return { ...step, drift: { ...drift, heldSince } };
  const counts = drift.counts.slice();
  let at = 0;
  for (const [index, { edges, counts: bins }] of reference.histograms.entries()) {
    const value = index < SENSORS.length ? (values[index] ?? null) : probability;
    const place = at + (value === null ? bins.length : binOf(edges, value));
    counts[place] = (counts[place] ?? 0) + 1;
    at += bins.length + 1;
  }
  return { ...step, drift: { ...drift, heldSince, counts } };
};
