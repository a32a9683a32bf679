import type { RandomPolicy } from './random-policy.ts';
import type { RandomSource } from './random-source.ts';

/** A command by its receiver's time. */
export interface TimedCommand {
  readonly atMs: number;
  readonly command: object;
}

/** What one person does about one cylinder: a command, often followed by one that takes it back, renews or repeats it. */
export const randomCommands = (
  random: RandomSource,
  policy: RandomPolicy,
  atMs: number,
): readonly TimedCommand[] => {
  const type = random.pick([
    'ack',
    'ack',
    'shelve',
    'shelve',
    'shelve',
    'unshelve',
    'maintenance',
    'maintenance',
    'close',
    'close',
    'bogus',
  ]);
  const first = { atMs, command: randomCommand(random, policy, type, atMs) };
  if (!random.chance(0.5)) return [first];
  const nextMs = atMs + policy.samplePeriodMs * random.pick([0, 1, 3, 6, 12]);
  const sameAt = random.chance(0.15) ? { at: random.pick([atMs, nextMs, nextMs + 1]) } : {};
  const next = randomCommand(random, policy, nextType(random, type), nextMs);
  return [first, { atMs: nextMs, command: { ...next, ...sameAt } }];
};

const nextType = (random: RandomSource, type: string): string => {
  return type === 'shelve' ? random.pick(['unshelve', 'shelve', 'ack', 'close']) : type;
};

/** A command at receiver's time `now`: most make sense, the rest are refused for every reason there is. */
const randomCommand = (random: RandomSource, policy: RandomPolicy, type: string, now: number): object => {
  const whole = {
    type,
    by: 'ana',
    ...(type === 'ack' ? { comment: 'seen' } : {}),
    ...(type === 'shelve' || type === 'maintenance'
      ? { reason: 'x', until: randomUntil(random, policy, now) }
      : {}),
    ...(type === 'close' ? randomOutcome(random) : {}),
    ...randomAt(random, policy, now),
    ...(random.chance(0.25)
      ? { incident: random.pick(['latest', 'latest', 'latest', 'earlier', '', null]) }
      : {}),
  };
  if (!random.chance(0.08)) return whole;
  const left = random.pick(['by', 'reason', 'until', 'outcome', 'mode']);
  return Object.fromEntries(Object.entries(whole).filter(([field]) => field !== left));
};

const randomUntil = (random: RandomSource, policy: RandomPolicy, now: number): number => {
  const slotMs = policy.samplePeriodMs;
  const soon = now + slotMs * random.integer(1, 12);
  const choices: [number, ...number[]] = [
    soon,
    soon,
    Math.ceil(soon / slotMs) * slotMs,
    now + slotMs * random.integer(1, 40),
    now + policy.maxShelveMs,
    now + policy.maxShelveMs + 1,
    now + policy.maxMaintenanceMs,
    now + policy.maxMaintenanceMs + 1,
    now,
    now - slotMs * random.integer(0, 10),
  ];
  return random.pick(choices);
};

const randomOutcome = (random: RandomSource): object => {
  const outcome = random.pick(['fault', 'no-fault-found', 'sensor', 'planned-work', 'dunno']);
  return outcome === 'fault' && random.chance(0.7) ? { outcome, mode: 'seal' } : { outcome };
};

/** By a clock that is right, behind, or ahead of the receiver's. */
const randomAt = (random: RandomSource, policy: RandomPolicy, now: number): object => {
  if (!random.chance(0.3)) return {};
  const slots = random.chance(0.4) ? -random.pick([1, 20, 100_000]) : random.integer(0, 20);
  return { at: now - policy.samplePeriodMs * slots };
};
