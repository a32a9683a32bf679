import type { NoticeOutput } from '../alarm/state/output.ts';
import type { Advice } from './advice.ts';
import type { Deviation } from './deviations.ts';

/** What was known of a cylinder when a notice of it was made; times are ms since the epoch. */
export type NoticeFacts = Readonly<{
  gateway: string | null;
  /** When the trouble began: the first abnormal second in the window that raised it. */
  beganAt: number | null;
  /** When it cleared, or maintenance ended it. */
  endedAt: number | null;
  endedByMaintenance: boolean;
  /** Share of abnormal slots in the window, 0…1, and the window's length. */
  abnormalShare: number;
  windowMs: number;
  probability: number;
  /** The sensors that moved most. */
  movers: readonly Deviation[];
  advice: Advice;
}>;

/** A notice with what a technician needs to act on it; a gateway's has no facts of a cylinder. */
export type Notice = Readonly<{ output: NoticeOutput; facts: NoticeFacts | null }>;
