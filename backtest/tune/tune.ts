import { setImmediate } from 'node:timers/promises';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { Fields } from '../../domain/fields.ts';
import type { Judgement, ScoreCard } from '../evaluation/score-card.ts';
import { scoreCard } from '../evaluation/score-card.ts';
import { type Candidate, candidatesAround } from './candidates.ts';
import {
  type Choice,
  type CurvePoint,
  choosePolicy,
  crossValidate,
  type Fold,
  type Interval,
  type Limits,
  poisson,
  type Tried,
  tradeOff,
  wilson,
} from './choose-policy.ts';
import { createTrial, type KeptRecording } from './try-policy.ts';

/** A score card with 95 % intervals: of the share that is detected, and of false alarms a day. */
export type Estimate = Readonly<{ card: ScoreCard; detected: Interval; falsePerDay: Interval }>;

export type Tuning = Readonly<{
  recordings: readonly string[];
  candidates: number;
  limits: Limits;
  choice: Choice;
  /** The chosen policy on the recordings that it was chosen on: better than what is to be expected. */
  onAll: Estimate;
  /** Chosen without the recording that it is tried on, over all recordings: what to expect; null with one recording. */
  expected: Estimate | null;
  folds: readonly Fold[];
  present: Estimate;
  curve: readonly CurvePoint[];
  /** What the recordings are too few to say, a sentence each. */
  warnings: readonly string[];
}>;

const DAY_MS = 86_400_000;

export const estimateOf = (judgements: readonly Judgement[]): Estimate => {
  const card = scoreCard(judgements);
  const days = card.soundMs / DAY_MS;
  const expected = poisson(card.falseAlarms);
  return {
    card,
    detected: wilson(card.detected, card.episodes),
    falsePerDay:
      days === 0
        ? { low: 0, high: Number.POSITIVE_INFINITY }
        : { low: expected.low / days, high: expected.high / days },
  };
};

/** Below so many episodes the interval of what is detected spans more than a third of all. */
const ENOUGH_EPISODES = 20;
/** No event in so many means is 95 % sure of less than one a mean ("rule of three"). */
const NONE_SEEN = 3;

const warningsOf = ({ card }: Estimate, { isWithin }: Choice, limits: Limits): readonly string[] => {
  const { maxFalsePerDay } = limits;
  const days = card.soundMs / DAY_MS;
  const warnings: string[] = [];
  if (!isWithin)
    warnings.push(
      'no policy that was tried keeps to the limits: this is the one with the fewest false alarms',
    );
  if (card.episodes < ENOUGH_EPISODES)
    warnings.push(
      `${card.episodes} labelled episodes say little of the share that is detected: ${ENOUGH_EPISODES} or more would`,
    );
  if (maxFalsePerDay !== null && NONE_SEEN / maxFalsePerDay > days)
    warnings.push(
      `${days.toFixed(2)} days of sound time cannot show ${maxFalsePerDay} false alarms a day: ` +
        `it takes ${(NONE_SEEN / maxFalsePerDay).toFixed(1)} days without one`,
    );
  return warnings;
};

type TuneOptions = Readonly<{
  /** The policy in force, and the fields that its file states. */
  present: Readonly<{ policy: Policy; fields: Fields; book: PolicyBook }>;
  limits: Limits;
  /** How long before an episode an alarm is early, ms: the same for all policies, or long windows would win by it. */
  earlyMs: number;
  onProgress: (text: string) => void;
}>;

const tryAll = async (
  recordings: readonly KeptRecording[],
  candidates: readonly Candidate[],
  { present, earlyMs, onProgress }: TuneOptions,
): Promise<Readonly<{ all: readonly Tried[]; present: readonly Judgement[] }>> => {
  const judgements = candidates.map((): Judgement[] => []);
  const ofPresent: Judgement[] = [];
  for (const [index, recording] of recordings.entries()) {
    onProgress(
      `trying ${candidates.length} policies on ${recording.name} (${index + 1} of ${recordings.length})`,
    );
    const trial = createTrial(recording, earlyMs);
    ofPresent.push(trial(present.book));
    for (const [place, { book }] of candidates.entries()) judgements[place]?.push(trial(book));
    // Lets the line of progress and a Ctrl-C through.
    await setImmediate();
  }
  const all = candidates.map((candidate, place) => ({ candidate, judgements: judgements[place] ?? [] }));
  return { all, present: ofPresent };
};

/**
 * Searches the policy that detects most within the limits, by folding each recording under every candidate, and
 * estimates what it will do on others by leaving each recording out in turn.
 */
export const tune = async (recordings: readonly KeptRecording[], options: TuneOptions): Promise<Tuning> => {
  const { policy, fields } = options.present;
  const candidates = candidatesAround(policy, fields);
  const { all, present } = await tryAll(recordings, candidates, options);
  const { limits } = options;
  const choice = choosePolicy(
    all,
    recordings.map((_, place) => place),
    limits,
  );
  if (choice === null) throw new Error('there is no candidate');
  const folds = crossValidate(all, recordings.length, limits);
  const onAll = estimateOf(choice.tried.judgements);
  const expected = folds.length === 0 ? null : estimateOf(folds.flatMap(({ judgements }) => judgements));
  return {
    recordings: recordings.map(({ name }) => name),
    candidates: candidates.length,
    limits,
    choice,
    onAll,
    expected,
    folds,
    present: estimateOf(present),
    curve: tradeOff(all),
    warnings: warningsOf(expected ?? onAll, choice, limits),
  };
};
