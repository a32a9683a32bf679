const WORDS: Readonly<Record<string, string>> = {
  unknown: 'there is no such command: use ack, shelve, unshelve, maintenance or close',
  outcome: 'the outcome must be fault, no-fault-found, sensor or planned-work',
  'missing mode': 'a fault needs its mode: what failed',
  older: 'a newer command of this kind has already been given',
  'too long': 'that is longer than the policy allows (maxShelveMs, maxMaintenanceMs)',
  past: 'the time it is to last until has already passed',
  'other incident': 'it was written for another incident than the latest: look at what is now, and ask again',
  'no incident': 'there is no incident to speak of',
  'no shelf': 'nothing is shelved',
  policy: 'the overrides do not make a policy',
};

/** The reason for a refusal in plain words. */
export const refusalWords = (why: string): string => {
  if (why.startsWith('missing ') && why !== 'missing mode')
    return `the field ${why.slice('missing '.length)} is missing`;
  return WORDS[why] ?? why;
};
