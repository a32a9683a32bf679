import { type Judgement, type ScoreCard, scoreCard } from '../evaluation/score-card.ts';
import type { Candidate } from './candidates.ts';

/** A range that holds the true value with 95 % confidence. */
export type Interval = Readonly<{ low: number; high: number }>;

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;

/**
 * The share behind `hits` of `trials`; all of it where nothing was tried. Wilson, "Probable inference, the law of
 * succession, and statistical inference", 1927.
 */
export const wilson = (hits: number, trials: number): Interval => {
  if (trials === 0) return { low: 0, high: 1 };
  const share = hits / trials;
  const scale = 1 + Z ** 2 / trials;
  const centre = (share + Z ** 2 / (2 * trials)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};

/** The probability of at most `count` events where `mean` are expected. */
const atMost = (count: number, mean: number): number => {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return sum;
};

/** Where a falling function of the mean comes down to `target`. */
const meanWhere = (falling: (mean: number) => number, target: number, from: number): number => {
  let low = 0;
  let high = from;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > target) low = middle;
    else high = middle;
  }
  return high;
};

/**
 * How many events are to be expected where `count` were seen, by the exact Poisson interval: Garwood, "Fiducial limits
 * for the Poisson distribution", 1936.
 */
export const poisson = (count: number): Interval => {
  const ceiling = count + 10 * Math.sqrt(count + 1) + 10;
  return {
    low: count === 0 ? 0 : meanWhere((mean) => atMost(count - 1, mean), 0.975, ceiling),
    high: meanWhere((mean) => atMost(count, mean), 0.025, ceiling),
  };
};

/** What a tuned policy must keep to; null where there is no limit. */
export type Limits = Readonly<{ maxFalsePerDay: number | null; maxDelayMs: number | null }>;

/** A candidate with what it made of each recording, in their order. */
export type Tried = Readonly<{ candidate: Candidate; judgements: readonly Judgement[] }>;

export type Choice = Readonly<{
  tried: Tried;
  card: ScoreCard;
  /** Whether it keeps to the limits; if none does, the one with the fewest false alarms was taken. */
  isWithin: boolean;
}>;

const HOURS_A_DAY = 24;

export const falsePerDay = ({ falsePerHour }: ScoreCard): number => (falsePerHour ?? 0) * HOURS_A_DAY;

const isWithinLimits = (card: ScoreCard, { maxFalsePerDay, maxDelayMs }: Limits): boolean =>
  (maxFalsePerDay === null || falsePerDay(card) <= maxFalsePerDay) &&
  (maxDelayMs === null || (card.medianDelayMs ?? Number.POSITIVE_INFINITY) <= maxDelayMs);

const keyOf = (place: readonly number[]): string => place.join(' ');

/** The candidates one step away on one axis of the grid. */
const neighboursOf = (place: readonly number[]): readonly string[] =>
  place.flatMap((at, axis) => [at - 1, at + 1].map((next) => keyOf(place.with(axis, next))));

/** A false alarm is as bad as a missed episode. */
const worth = ({ detected, falseAlarms }: ScoreCard): number => detected - falseAlarms;

type Rated = Readonly<{ tried: Tried; card: ScoreCard; value: number }>;

/**
 * Each candidate by the recordings at `places`. Its value counts its neighbours on the grid half: a policy that is good
 * only where it stands owes that to these recordings, and one amid good ones will hold on others too.
 */
const rate = (all: readonly Tried[], places: readonly number[]): readonly Rated[] => {
  const cards = all.map(({ judgements }) => scoreCard(places.flatMap((place) => judgements[place] ?? [])));
  const byPlace = new Map(all.map(({ candidate }, index) => [keyOf(candidate.place), cards[index]]));
  return all.flatMap((tried, index) => {
    const card = cards[index];
    if (card === undefined) return [];
    const around = neighboursOf(tried.candidate.place).flatMap((key) => byPlace.get(key) ?? []);
    const mean = around.reduce((sum, other) => sum + worth(other), 0) / Math.max(1, around.length);
    return [{ tried, card, value: (worth(card) + mean) / 2 }];
  });
};

const delayOf = ({ medianDelayMs }: ScoreCard): number => medianDelayMs ?? Number.POSITIVE_INFINITY;

const byValue = (a: Rated, b: Rated): number =>
  b.value - a.value || a.card.falseAlarms - b.card.falseAlarms || delayOf(a.card) - delayOf(b.card);

/** The policy that does best on the recordings at `places` within the limits; the same input gives the same policy. */
export const choosePolicy = (
  all: readonly Tried[],
  places: readonly number[],
  limits: Limits,
): Choice | null => {
  const rated = rate(all, places);
  const within = rated.filter(({ card }) => isWithinLimits(card, limits)).toSorted(byValue)[0];
  const best =
    within ?? rated.toSorted((a, b) => a.card.falseAlarms - b.card.falseAlarms || byValue(a, b))[0];
  return best === undefined ? null : { ...best, isWithin: within !== undefined };
};

/** Groups of recordings, each held out once: every recording by itself, or ten groups where there are many. */
export const foldsOf = (recordings: number): readonly (readonly number[])[] => {
  const places = Array.from({ length: recordings }, (_, place) => place);
  const groups = recordings <= MAX_SINGLE_FOLDS ? recordings : GROUPS;
  return Array.from({ length: groups }, (_, group) => places.filter((place) => place % groups === group));
};

const MAX_SINGLE_FOLDS = 20;
const GROUPS = 10;

/** What was chosen without some recordings, and what it made of those. */
export type Fold = Readonly<{ heldOut: readonly number[]; choice: Choice; judgements: readonly Judgement[] }>;

/** Chooses once for each group of recordings on all others, and tries the choice on that group. */
export const crossValidate = (all: readonly Tried[], recordings: number, limits: Limits): readonly Fold[] =>
  recordings < 2
    ? []
    : foldsOf(recordings).flatMap((heldOut) => {
        const others = Array.from({ length: recordings }, (_, place) => place).filter(
          (place) => !heldOut.includes(place),
        );
        const choice = choosePolicy(all, others, limits);
        if (choice === null) return [];
        const judgements = heldOut.flatMap((place) => choice.tried.judgements[place] ?? []);
        return [{ heldOut, choice, judgements }];
      });

/** A point of the trade-off: the most that can be detected at so many false alarms, soonest. */
export type CurvePoint = Readonly<{ candidate: Candidate; card: ScoreCard }>;

/** The candidates that no other one beats in detected and false alarms together, from the fewest false alarms on. */
export const tradeOff = (all: readonly Tried[]): readonly CurvePoint[] => {
  const points = all
    .map(({ candidate, judgements }) => ({ candidate, card: scoreCard(judgements) }))
    .toSorted(
      (a, b) =>
        a.card.falseAlarms - b.card.falseAlarms ||
        b.card.detected - a.card.detected ||
        delayOf(a.card) - delayOf(b.card),
    );
  let most = -1;
  return points.filter(({ card }) => {
    const isBetter = card.detected > most;
    if (isBetter) most = card.detected;
    return isBetter;
  });
};
