import type { Policy } from '../../domain/alarm/policy/policy.ts';
import { durationText } from '../../notification/time-text.ts';

const LETTERS = 'ABCDEFGH';

/** The letter by which a report calls a policy: A for the one under test, B for the one it is held against. */
export const letterOf = (index: number): string => LETTERS[index] ?? '?';

/** How long an incident is active before a policy notifies people of it. */
export const notifiesText = ({ notifyFrom, levels }: Policy): string => {
  const afterMs = levels.find(({ severity }) => severity === notifyFrom)?.afterMs ?? 0;
  return afterMs === 0 ? 'at once' : `after ${durationText(afterMs)} active`;
};
