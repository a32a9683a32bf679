import type { RandomPolicy } from './random-policy.ts';
import type { RandomSource } from './random-source.ts';

/** What a cylinder does during one slot. */
export interface Doing {
  /** The chance that a sample is abnormal. */
  readonly abnormal: number;
  readonly idle: boolean;
  readonly silent: boolean;
}

/**
 * What one cylinder does, slot by slot: episodes of abnormality of every length and density, rest, idleness, silence.
 * One that flutters has short episodes and short rests only.
 */
export const randomCourse = (
  random: RandomSource,
  policy: RandomPolicy,
  slots: number,
  flutters: boolean,
): readonly Doing[] => {
  const course: Doing[] = [];
  let wasAbnormal = random.chance(0.5);
  while (course.length < slots) {
    wasAbnormal = !wasAbnormal;
    const phase = wasAbnormal
      ? randomEpisode(random, policy, flutters)
      : randomRest(random, policy, flutters);
    for (let slot = 0; slot < phase.slots; slot += 1) course.push(phase.doing);
    if (random.chance(flutters ? 0.03 : 0.12)) course.push(...randomPause(random, policy));
    if (random.chance(0.06)) course.push(...randomScarcity(random, policy));
    if (random.chance(0.05)) course.push(...randomUpsAndDowns(random, policy));
  }
  return course.slice(0, slots);
};

interface Phase {
  readonly slots: number;
  readonly doing: Doing;
}

const randomEpisode = (random: RandomSource, policy: RandomPolicy, flutters: boolean): Phase => {
  const windowSlots = policy.windowMs / policy.samplePeriodMs;
  const lastLevelMs = policy.levels.at(-1)?.afterMs ?? 0;
  const long = windowSlots + random.integer(0, lastLevelMs / policy.samplePeriodMs + 10);
  const short = random.integer(1, windowSlots * 2);
  const slots = flutters || random.chance(0.5) ? short : long;
  const abnormal = random.pick([1, 1, 1, 0.9, 0.6, 0.3]);
  return { slots, doing: { abnormal, idle: false, silent: false } };
};

const randomRest = (random: RandomSource, policy: RandomPolicy, flutters: boolean): Phase => {
  const windowSlots = policy.windowMs / policy.samplePeriodMs;
  const rest = windowSlots + random.integer(1, flutters ? 10 : 30);
  const slots = random.chance(0.1) ? rest + policy.reopenWithinMs / policy.samplePeriodMs : rest;
  const abnormal = random.pick([0, 0, 0, 0.05, 0.15]);
  return { slots, doing: { abnormal, idle: false, silent: false } };
};

/** The machine is off, or the cylinder says nothing, for as long as matters to the policy. */
const randomPause = (random: RandomSource, policy: RandomPolicy): readonly Doing[] => {
  const staleSlots = policy.staleAfterMs / policy.samplePeriodMs;
  const offlineSlots = policy.offlineAfterMs / policy.samplePeriodMs;
  const silent = random.chance(0.6);
  const slots = random.pick([
    2,
    staleSlots,
    staleSlots + 1,
    random.integer(1, 20),
    offlineSlots * 2,
    offlineSlots * 2,
  ]);
  return Array.from({ length: slots }, () => ({
    abnormal: random.chance(0.3) ? 0.8 : 0,
    idle: !silent,
    silent,
  }));
};

/** Samples so seldom that few windows are covered, or with gaps after which a machine warms up again. */
const randomScarcity = (random: RandomSource, policy: RandomPolicy): readonly Doing[] => {
  const { samplePeriodMs, offlineAfterMs, staleAfterMs } = policy;
  const slots = (offlineAfterMs / samplePeriodMs) * random.integer(2, 4);
  const every = random.pick([2, 3, 5, staleAfterMs / samplePeriodMs + 1]);
  const together = random.pick([1, 1, 2, 3]);
  return Array.from({ length: slots }, (_, slot) => ({
    abnormal: random.chance(0.5) ? 0.8 : 0,
    idle: false,
    silent: slot % every >= together,
  }));
};

/** A link that comes and goes: lost for longer than anybody waits, back for a while, and steady at last. */
const randomUpsAndDowns = (random: RandomSource, policy: RandomPolicy): readonly Doing[] => {
  const offlineSlots = policy.offlineAfterMs / policy.samplePeriodMs;
  const abnormal = random.pick([0, 0.9]);
  const phase = (slots: number, silent: boolean): readonly Doing[] =>
    Array.from({ length: slots }, () => ({ abnormal, idle: false, silent }));
  const rounds = Array.from({ length: random.integer(3, 6) }, () => [
    ...phase(offlineSlots + random.integer(1, 12), true),
    ...phase(random.integer(1, 6), false),
  ]).flat();
  return [...rounds, ...phase(policy.reopenWithinMs / policy.samplePeriodMs + 10, false)];
};
