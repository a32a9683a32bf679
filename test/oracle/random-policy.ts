import type { RandomSource } from './random-source.ts';

interface Level {
  readonly severity: string;
  readonly afterMs: number;
  readonly clearHoldMs: number;
}

/** A whole policy as a line of the input carries it. */
export interface RandomPolicy {
  readonly samplePeriodMs: number;
  readonly latenessMs: number;
  readonly windowMs: number;
  readonly threshold: number;
  readonly raiseRatio: number;
  readonly clearRatio: number;
  readonly minCoverage: number;
  readonly levels: readonly Level[];
  readonly notifyFrom: string;
  readonly reopenWithinMs: number;
  readonly flapping: { readonly reopenings: number; readonly withinMs: number };
  readonly remind: Readonly<Record<string, number>>;
  readonly maxReminders: number;
  readonly staleAfterMs: number;
  readonly offlineAfterMs: number;
  readonly futureToleranceMs: number;
  readonly historicalAfterMs: number;
  readonly idle: { readonly sensor: string; readonly below: number } | null;
  readonly warmUpMs: number;
  readonly maxShelveMs: number;
  readonly maxMaintenanceMs: number;
}

const NAMES: readonly [readonly string[], ...(readonly string[])[]] = [
  ['advisory', 'warning', 'alarm'],
  ['advisory', 'warning', 'alarm'],
  ['low', 'high'],
  ['only'],
];

/** A policy whose times are a few slots each, so that a stream of some hundred slots meets all of its rules. */
export const randomPolicy = (random: RandomSource): RandomPolicy => {
  const samplePeriodMs = random.pick([500, 1000, 2000]);
  const slots = (...choices: [number, ...number[]]): number => random.pick(choices) * samplePeriodMs;
  const severities = random.pick(NAMES);
  const [raiseRatio, clearRatio] = randomRatios(random);
  const idle = random.chance(0.35) ? { sensor: 'wRMSCurrent', below: 1 } : null;
  return {
    samplePeriodMs,
    latenessMs: slots(1, 1, 2, 3, 5) + random.pick([0, 0, 1]),
    windowMs: slots(1, 2, 3, 4, 5, 8, 12),
    threshold: 0.5,
    raiseRatio,
    clearRatio,
    minCoverage: random.pick([0, 0.3, 0.5, 0.5, 1]),
    levels: randomLevels(random, severities, samplePeriodMs),
    notifyFrom: severities[Math.min(random.pick([0, 0, 1, 1, 2]), severities.length - 1)] ?? 'only',
    reopenWithinMs: slots(0, 10, 20, 40, 40, 60),
    flapping: { reopenings: random.pick([1, 2, 2, 3]), withinMs: slots(10, 20, 60, 200, 600, 600) },
    remind: randomReminders(random, severities, samplePeriodMs),
    maxReminders: random.pick([0, 1, 3]),
    staleAfterMs: slots(5, 6, 10, 20),
    offlineAfterMs: slots(20, 20, 25, 40),
    futureToleranceMs: slots(5, 10),
    historicalAfterMs: slots(5, 6, 8, 12, 20, 40),
    idle,
    warmUpMs: slots(0, 0, 0, 3, 5),
    maxShelveMs: slots(40, 80),
    maxMaintenanceMs: slots(30, 60),
  };
};

/** Another policy, a few of its fields new; seldom the names of its severities too, or the length of its slots. */
export const changedPolicy = (random: RandomSource, policy: RandomPolicy): RandomPolicy => {
  const choice = random.integer(0, 9);
  if (choice < 2) return renamedLevels(random, policy);
  return choice < 4 ? otherPeriod(random, policy) : changedFields(random, policy);
};

/** The same policy with some of its severities renamed, taken out or added. */
const renamedLevels = (random: RandomSource, policy: RandomPolicy): RandomPolicy => {
  const severities = random.pick([
    ['advisory', 'warning', 'alarm'],
    ['advisory', 'alarm'],
    ['notice', 'warning', 'critical'],
    ['notice', 'severe'],
    ['warning', 'alarm', 'critical'],
    ['only'],
  ]);
  const named = (severity: string): boolean => severities.includes(severity);
  return {
    ...policy,
    levels: randomLevels(random, severities, policy.samplePeriodMs),
    notifyFrom: named(policy.notifyFrom) ? policy.notifyFrom : (severities[0] ?? 'only'),
    remind: Object.fromEntries(Object.entries(policy.remind).filter(([severity]) => named(severity))),
  };
};

/** The same policy for slots of another length; its window and its wait stay whole slots. */
const otherPeriod = (random: RandomSource, policy: RandomPolicy): RandomPolicy => {
  const samplePeriodMs = random.pick([500, 1000, 2000, 3000]);
  const windowSlots = policy.windowMs / policy.samplePeriodMs;
  return {
    ...policy,
    samplePeriodMs,
    windowMs: windowSlots * samplePeriodMs,
    latenessMs: Math.max(policy.latenessMs, samplePeriodMs),
  };
};

const changedFields = (random: RandomSource, policy: RandomPolicy): RandomPolicy => {
  const other = randomPolicy(random);
  const slotMs = policy.samplePeriodMs;
  const rescaled = (ms: number): number => Math.floor(ms / other.samplePeriodMs) * slotMs;
  const severities = policy.levels.map(({ severity }) => severity);
  const [raiseRatio, clearRatio] = randomRatios(random);
  const changes = [
    { windowMs: rescaled(other.windowMs) },
    { windowMs: rescaled(other.windowMs) },
    { latenessMs: rescaled(other.latenessMs) },
    { latenessMs: rescaled(other.latenessMs) },
    { threshold: random.pick([0.5, 0.9]) },
    { raiseRatio, clearRatio },
    { minCoverage: other.minCoverage },
    { levels: randomLevels(random, severities, slotMs) },
    { notifyFrom: severities[random.integer(0, severities.length - 1)] ?? policy.notifyFrom },
    { reopenWithinMs: rescaled(other.reopenWithinMs) },
    { flapping: { reopenings: other.flapping.reopenings, withinMs: rescaled(other.flapping.withinMs) } },
    { remind: randomReminders(random, severities, slotMs), maxReminders: other.maxReminders },
    { staleAfterMs: rescaled(other.staleAfterMs), offlineAfterMs: rescaled(other.offlineAfterMs) },
    { futureToleranceMs: rescaled(other.futureToleranceMs) },
    { historicalAfterMs: rescaled(other.historicalAfterMs) },
    { idle: other.idle },
    { warmUpMs: rescaled(other.warmUpMs) },
    { maxShelveMs: rescaled(other.maxShelveMs) },
    { maxMaintenanceMs: rescaled(other.maxMaintenanceMs) },
  ].filter(() => random.chance(0.2));
  let changed = policy;
  for (const change of changes) changed = { ...changed, ...change };
  return changed;
};

const randomRatios = (random: RandomSource): readonly [number, number] => {
  return random.pick([
    [0.6, 0.2],
    [0.5, 0.25],
    [0.75, 0.5],
    [0.35, 0.34],
    [1, 0.25],
    [0.5, 0.1],
  ]);
};

/** Each level comes some slots after the one before it, the first at once. */
const randomLevels = (
  random: RandomSource,
  severities: readonly string[],
  samplePeriodMs: number,
): readonly Level[] => {
  let afterMs = 0;
  return severities.map((severity, index) => {
    if (index > 0) afterMs += samplePeriodMs * random.pick([1, 2, 5, 8, 14, 20]);
    return { severity, afterMs, clearHoldMs: samplePeriodMs * random.pick([0, 1, 2, 3, 6, 8]) };
  });
};

const randomReminders = (
  random: RandomSource,
  severities: readonly string[],
  samplePeriodMs: number,
): Readonly<Record<string, number>> => {
  const reminded = severities.filter(() => random.chance(0.7));
  return Object.fromEntries(
    reminded.map((severity) => [severity, samplePeriodMs * random.pick([8, 15, 20, 40])]),
  );
};
