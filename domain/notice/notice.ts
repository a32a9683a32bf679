import type { Forecast, Interruption, NoticeOutput } from '../alarm/state/output.ts';
import type { Sensor } from '../message/sample.ts';

/** What a technician should look at first; the words for it are in the tables of each language. */
export const ADVICES = [
  'encoder',
  'load',
  'seals',
  'bearing',
  'mounting',
  'rod-guide',
  'cooling',
  'cylinder',
  'unclear',
] as const;
export type Advice = (typeof ADVICES)[number];

/** A sensor's mean while abnormal, its usual range (null while unknown), and how many standard deviations lie between. */
export type Deviation = Readonly<{
  sensor: Sensor;
  value: number;
  low: number | null;
  high: number | null;
  deviation: number;
}>;

/** What was known of a cylinder when a notice of it was made; times are ms since the epoch. */
export type NoticeFacts = Readonly<{
  gateway: string | null;
  /** When the trouble began: the first abnormal second in the window that raised it. */
  beganAt: number | null;
  /** Since when it is abnormal again, where it was quiet in between and was reopened. */
  backSince?: number;
  /** When the incident was abnormal last. */
  lastAbnormalAt: number | null;
  /** The same while its condition is CLEARING: open still, and quiet since. Null in every other condition. */
  quietSince: number | null;
  /** When it cleared, or maintenance or a new sample period ended it. */
  endedAt: number | null;
  /** What ended it where no clearing did; null where it cleared or goes on. */
  endedBy: Interruption | null;
  /** Share of abnormal slots in the window, 0…1, and the window's length. */
  abnormalShare: number;
  windowMs: number;
  /** Mean probability of the window's abnormal samples; where there is none, that of the last normal sample. */
  probability: number;
  /** The sensors that moved most beyond what is usual, the one that led to the advice first. */
  deviations: readonly Deviation[];
  advice: Advice;
  /** The sensors have moved away from what the model knows: what it says is worth less. */
  drifted?: true;
  /** The next severity, where it is clear when it will be reached if all goes on as it does. */
  forecast?: Forecast;
}>;

/** A notice with what a technician needs to act on it; a gateway's has no facts of a cylinder. */
export type Notice = Readonly<{ output: NoticeOutput; facts: NoticeFacts | null }>;

const NUMBERED = /^(.*)([#!~])(\d+)$/;

/**
 * What a notice is one of: its incident, a silence or a time unwatched: `press-1@1763800000000` for
 * `press-1@1763800000000#2`, and `press-1@1763800000000!` for `press-1@1763800000000!2`.
 */
export const noticeSeries = (id: string): string => {
  const [, series = id, mark = ''] = NUMBERED.exec(id) ?? [];
  return mark === '#' || mark === '' ? series : `${series}${mark}`;
};

/** Its number there, counting from 1; 0 where it has none. */
export const noticeNumber = (id: string): number => Number(NUMBERED.exec(id)?.[3] ?? 0);

/** The name of the notice before it, or null for the first. */
export const noticeBefore = (id: string): string | null => {
  const [, series = '', mark = '', number = ''] = NUMBERED.exec(id) ?? [];
  return Number(number) < 2 ? null : `${series}${mark}${Number(number) - 1}`;
};

const SINCE = /@(\d+)(?:[#!~]\d+)?$/;

/**
 * Since when what it is of had been silent or unwatched, ms: such notices are named by that. Null for an incident's, and
 * where the name says no time before the notice.
 */
export const silentOrUnwatchedSince = (output: NoticeOutput): number | null => {
  if ('incident' in output) return null;
  const since = Number(SINCE.exec(output.id)?.[1] ?? Number.NaN);
  return since <= output.at ? since : null;
};
