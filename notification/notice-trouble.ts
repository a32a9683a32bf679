import { type Notice, silentOrUnwatchedSince } from '../domain/notice/notice.ts';
import type { NoticeType, Trouble } from './locales/notice-words.ts';

const troubleOf = (type: NoticeType): Trouble => {
  if (type === 'OFFLINE' || type === 'ONLINE') return 'silent';
  return type === 'UNWATCHED' || type === 'WATCHED' ? 'unwatched' : 'abnormal';
};

/** Whether a notice is of an incident, and not of what is heard or watched. */
export const isOfIncident = (type: NoticeType): boolean => troubleOf(type) === 'abnormal';

/** Whether an incident is open at the time of a notice of this type. */
export const isOpenNotice = (type: NoticeType): boolean =>
  isOfIncident(type) && type !== 'RECOVERED' && type !== 'OCCURRED';

/** The trouble that a notice is of; times in ms since the epoch, null where they are not known or not yet come. */
export type Period = Readonly<{
  trouble: Trouble;
  began: number;
  /** Since when it was there again, where an incident was quiet in between; null where it was not. */
  back: number | null;
  /** When the trouble was there last, where it is gone. */
  last: number | null;
  /** When an incident was over, which is after some quiet. */
  over: number | null;
}>;

/** Since when there has been trouble, or from when to when there was; null where it is not known. */
export const periodOf = ({ output, facts }: Notice): Period | null => {
  const trouble = troubleOf(output.type);
  if (trouble !== 'abnormal') {
    const began = silentOrUnwatchedSince(output);
    const isEnd = output.type === 'ONLINE' || output.type === 'WATCHED';
    return began === null ? null : { trouble, began, back: null, last: isEnd ? output.at : null, over: null };
  }
  if (facts === null || facts.beganAt === null) return null;
  const { beganAt: began, backSince: back = null, endedAt: over, lastAbnormalAt } = facts;
  if (isOpenNotice(output.type)) return { trouble, began, back, last: facts.quietSince, over: null };
  return { trouble, began, back, last: lastAbnormalAt ?? over, over };
};
