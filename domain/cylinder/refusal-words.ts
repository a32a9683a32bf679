import type { Policy } from '../alarm/policy/policy.ts';

const WORDS: Readonly<Record<string, string>> = {
  unknown: 'there is no such command: use ack, shelve, unshelve, maintenance or close',
  outcome: 'the outcome must be fault, no-fault-found, sensor or planned-work',
  'missing mode': 'a fault needs its mode: what failed',
  older: 'a newer command of this kind has already been given',
  past: 'the time it is to last until has already passed',
  'other incident': 'it was written for another incident than the latest: look at what is now, and ask again',
  'no incident': 'there is no incident to speak of',
  'no shelf': 'nothing is shelved',
  policy: 'the overrides do not make a policy',
};

type Limits = Pick<Policy, 'maxShelveMs' | 'maxMaintenanceMs'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const lengthText = (ms: number): string =>
  ms < HOUR_MS ? `${Number((ms / MINUTE_MS).toFixed(2))} min` : `${Number((ms / HOUR_MS).toFixed(2))} h`;

/** The reason for the refusal of a command of this type under this policy, in plain words. */
export const refusalWords = (why: string, type: string, limits: Limits): string => {
  if (why === 'too long') {
    const field = type === 'maintenance' ? 'maxMaintenanceMs' : 'maxShelveMs';
    return `that is longer than the policy allows: at most ${lengthText(limits[field])} (${field})`;
  }
  // Maintenance in force can be ended by a time that has passed.
  if (why === 'past' && type === 'maintenance')
    return 'there is no maintenance to end, and the time it is to last until has already passed';
  if (why.startsWith('missing ') && why !== 'missing mode')
    return `the field ${why.slice('missing '.length)} is missing`;
  return WORDS[why] ?? why;
};
