import type { Asked, Mishap, Mishaps } from './mishap.ts';
import type { Tape } from './tape.ts';

const ALL = ['refused', 'throttled', 'unreached', 'lost', 'killed-before', 'killed-after'] as const;
const ONE_IN = 8;

const isKill = (mishap: Mishap): boolean => mishap === 'killed-before' || mishap === 'killed-after';
const isPublish = ({ service }: Asked): boolean => service === 'sns';
const isNoteOfTelling = ({ operation, body }: Asked): boolean =>
  operation === 'UpdateItem' && body.includes('"UpdateExpression":"SET #told');

/**
 * Mishaps by the tape, but for those that no program is safe from which speaks to two services: after SNS took a notice,
 * its answer is not lost, nothing is killed until it is noted, and noting it fails at most once.
 */
export const mishapsOf = (tape: Tape): Mishaps => {
  let unnoted = 0;
  const failedNotes = new Set<string>();
  return (asked) => {
    const choice = tape.choose(ONE_IN * ALL.length);
    const drawn: Mishap = ALL[choice - (ONE_IN - 1) * ALL.length] ?? 'none';
    const mishap = isKill(drawn) && unnoted > 0 ? 'none' : drawn;
    if (isPublish(asked)) {
      if (mishap !== 'none' && mishap !== 'lost' && mishap !== 'killed-after') return mishap;
      unnoted += 1;
      return 'none';
    }
    if (isNoteOfTelling(asked)) {
      const key = /"sk":\{"S":"([^"]+)"/.exec(asked.body)?.[1] ?? '';
      if (mishap !== 'none' && !failedNotes.has(key)) {
        failedNotes.add(key);
        return mishap;
      }
      unnoted -= 1;
      return 'none';
    }
    return mishap;
  };
};
