import { median } from '../../domain/median.ts';
import type { Detection } from '../evaluation/detection.ts';
import { judgeOutcome, notifiedFromMs, type PolicyOutcome } from '../outcome-log.ts';
import type { Trial } from './try-challenger.ts';

/** What people found when they looked into an incident; times in ms, `toMs` null while nobody has closed it. */
export type KnownOutcome = Readonly<{ cylinder: string; fromMs: number; toMs: number; outcome: string }>;

/** An incident that people would have been told of, from when on, and what is known of it. */
export type ToldIncident = Readonly<{
  id: string;
  cylinder: string;
  beganMs: number;
  toldMs: number;
  endMs: number | null;
  verdict: 'fault' | 'false' | 'unjudged';
}>;

/** What one model would have told, held against what is known. */
export type Side = Readonly<{
  told: readonly ToldIncident[];
  /** Known faults that it would have told of. */
  detected: number;
  false: number;
  unjudged: number;
  /** From the begin of a known fault until people were told, of those that both told, ms; null without one. */
  medianDelayMs: number | null;
}>;

export type Evidence = Readonly<{
  /** Where the truth comes from: labels of a recording, or what people entered as outcomes. */
  truth: 'labels' | 'outcomes' | 'nothing';
  faults: number;
  /** Known faults that both told, and told by one alone. */
  detectedByBoth: number;
  champion: Side;
  challenger: Side;
}>;

const FALSE_OUTCOMES = new Set(['no-fault-found', 'sensor']);

type Interval = Readonly<{ cylinder: string; fromMs: number; toMs: number }>;

const overlaps = (one: Interval, other: Interval): boolean =>
  one.cylinder === other.cylinder && one.fromMs <= other.toMs && other.fromMs <= one.toMs;

const spanOf = ({ cylinder, beganMs, endMs }: Omit<ToldIncident, 'verdict'>): Interval => ({
  cylinder,
  fromMs: beganMs,
  toMs: endMs ?? Number.POSITIVE_INFINITY,
});

type Told = Omit<ToldIncident, 'verdict'>;

const toldIn = ({ incidents, cylinders }: PolicyOutcome): readonly Told[] =>
  incidents.flatMap(({ id, cylinder, beganMs, stretches, severities }) => {
    const policy = cylinders.get(cylinder)?.policy;
    const course = { id, cylinder, beganMs, stretches, severities };
    const toldMs = policy === undefined ? null : notifiedFromMs(course, policy);
    const endMs = stretches.at(-1)?.clearedMs ?? null;
    return toldMs === null ? [] : [{ id, cylinder, beganMs, toldMs, endMs }];
  });

type Judged = Readonly<{ told: readonly ToldIncident[]; delays: readonly (number | null)[] }>;

/** An incident is one of a fault where it overlaps one that people found to be a fault; of what nobody looked into nothing is known. */
const byOutcomes = (outcome: PolicyOutcome, known: readonly KnownOutcome[]): Judged => {
  const told = toldIn(outcome).map((incident): ToldIncident => {
    const its = known.filter((one) => overlaps(one, spanOf(incident)));
    if (its.some((one) => one.outcome === 'fault')) return { ...incident, verdict: 'fault' };
    const isFalse = its.some((one) => FALSE_OUTCOMES.has(one.outcome));
    return { ...incident, verdict: isFalse ? 'false' : 'unjudged' };
  });
  const faults = known.filter((one) => one.outcome === 'fault');
  const delays = faults.map((fault) => {
    const first = told.find((incident) => overlaps(fault, spanOf(incident)));
    return first === undefined ? null : first.toldMs - fault.fromMs;
  });
  return { told, delays };
};

const delayOf = ({ delayMs }: Detection): number | null => delayMs;

const byLabels = (outcome: PolicyOutcome, earlyMs: number | null): Judged => {
  const { detections, trueAlarms, falseAlarms } = judgeOutcome(outcome, earlyMs);
  const isOf = (alarms: readonly Readonly<{ id: string }>[], id: string): boolean =>
    alarms.some((alarm) => alarm.id === id);
  const told = toldIn(outcome).map((incident): ToldIncident => {
    if (isOf(trueAlarms, incident.id)) return { ...incident, verdict: 'fault' };
    return { ...incident, verdict: isOf(falseAlarms, incident.id) ? 'false' : 'unjudged' };
  });
  return { told, delays: detections.map(delayOf) };
};

const sideOf = ({ told, delays }: Judged, other: Judged): Side => {
  const shared = delays.filter((delay, index) => delay !== null && (other.delays[index] ?? null) !== null);
  const count = (verdict: ToldIncident['verdict']): number =>
    told.filter((incident) => incident.verdict === verdict).length;
  return {
    told,
    detected: delays.filter((delay) => delay !== null).length,
    false: count('false'),
    unjudged: count('unjudged'),
    medianDelayMs: median(shared.flatMap((delay) => delay ?? [])),
  };
};

/** Holds a trial against labels where the recording has them, and else against what people found. */
export const evidenceOf = (
  { champion, challenger, scored }: Pick<Trial, 'champion' | 'challenger' | 'scored'>,
  found: readonly KnownOutcome[],
  earlyMs: number | null = null,
): Evidence => {
  // What was found while one of both did not score yet says nothing of them.
  const known = found.filter((outcome) => {
    const time = scored.get(outcome.cylinder);
    return time !== undefined && overlaps(outcome, { cylinder: outcome.cylinder, ...time });
  });
  const isLabelled = [...champion.cylinders.values()].some(
    ({ labels }) => labels.episodes.length > 0 || labels.soundMs > 0,
  );
  const judge = (outcome: PolicyOutcome): Judged =>
    isLabelled ? byLabels(outcome, earlyMs) : byOutcomes(outcome, known);
  const [first, second] = [judge(champion), judge(challenger)];
  const isJudged = known.some(({ outcome }) => outcome === 'fault' || FALSE_OUTCOMES.has(outcome));
  return {
    truth: isLabelled ? 'labels' : isJudged ? 'outcomes' : 'nothing',
    faults: first.delays.length,
    detectedByBoth: first.delays.filter(
      (delay, index) => delay !== null && (second.delays[index] ?? null) !== null,
    ).length,
    champion: sideOf(first, second),
    challenger: sideOf(second, first),
  };
};

/** What was found, with faults noted elsewhere; of one that an incident told as well, the incident's times are known better. */
export const withFaults = (
  found: readonly KnownOutcome[],
  noted: readonly KnownOutcome[],
): readonly KnownOutcome[] => [
  ...found,
  ...noted.filter((fault) => !found.some((its) => its.outcome === 'fault' && overlaps(its, fault))),
];

const HOUR_MS = 3_600_000;

/** How long both must have scored, and how much later the challenger may tell, ms. */
export type Demands = Readonly<{ minScoredMs: number; laterMs: number }>;

/** What speaks against making the challenger the champion, a sentence each; nothing where the evidence is for it. */
export const objectionsTo = (
  { truth, faults, champion, challenger }: Evidence,
  scoredMs: number,
  { minScoredMs, laterMs }: Demands,
): readonly string[] => {
  const objections: string[] = [];
  if (scoredMs < minScoredMs)
    objections.push(
      `both scored ${(scoredMs / HOUR_MS).toFixed(1)} h of cylinders, less than the ${minScoredMs / HOUR_MS} h asked for`,
    );
  if (truth === 'nothing')
    objections.push(
      'nothing says which of both is right: no incident of this time was closed as fault, no-fault-found or sensor',
    );
  if (challenger.detected < champion.detected)
    objections.push(
      `it would have told ${challenger.detected} of ${faults} known faults, the champion ${champion.detected}`,
    );
  if (challenger.false > champion.false)
    objections.push(`it would have given ${challenger.false} false alarms, the champion ${champion.false}`);
  const [alone, before] = [challenger.unjudged, champion.unjudged];
  if (alone > before && challenger.false + alone > champion.false + before)
    objections.push(
      `it would have told ${alone} incidents that nobody has looked into, the champion ${before}: they may all be false`,
    );
  const later = (challenger.medianDelayMs ?? 0) - (champion.medianDelayMs ?? 0);
  if (later > laterMs)
    objections.push(`it tells known faults ${Math.round(later / 1000)} s later at the median`);
  return objections;
};

/** What the evidence says for it: nothing where it is as good as the champion and no better. */
export const isBetter = ({ champion, challenger }: Evidence): boolean =>
  challenger.detected > champion.detected || challenger.false < champion.false;
