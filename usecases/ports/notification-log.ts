import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { Notice } from '../../domain/notice/notice.ts';

/** Whose notices: a cylinder's or a gateway's. */
export type NoticeSubject = Readonly<{ kind: 'cylinder' | 'gateway'; name: string }>;

/** A notice through a channel; `sentAt` null while it waits there, or failed. */
export type SentNotice = Readonly<{
  id: string;
  type: string;
  cylinder: string | null;
  gateway: string | null;
  incident: string | null;
  at: number;
  channel: string | null;
  sentAt: number | null;
  error: string | null;
}>;

/** `claimed`: yours to send; `notified`: somebody has sent it; `busy`: somebody is sending it, or died over it a moment ago. */
export type Claim = 'claimed' | 'notified' | 'busy';

/** What keeps a notice of the ledger from being sent twice. Times are ms since the epoch. Each call rejects when the service fails. */
export type NotificationLog = Readonly<{
  /**
   * Asks for a notice in order to send it. A claim lapses by itself after a while that outlasts any run that may hold
   * it. A notice that is not in the log was sent so long ago that it is forgotten: `notified`. One whose predecessor
   * (`…#1` before `…#2`) was put there within the last minutes and is not sent yet is `busy` as well: people are
   * notified in order.
   */
  claim(subject: NoticeSubject, noticeId: string, now: number): Promise<Claim>;
  /** Notes that people have been notified of a claimed notice; idempotent, and final. */
  notified(subject: NoticeSubject, noticeId: string, now: number): Promise<void>;
  /** Gives up a claim of a notice that could not be sent, so that it can be claimed again at once; one that is noted stays so. */
  release(subject: NoticeSubject, noticeId: string): Promise<void>;
}>;

/** How people are notified. */
export type Notifier = Readonly<{
  /** Sends a notice, once for each call. Rejects when the service fails; whether people have it is then unknown. */
  notify(notice: Notice): Promise<void>;
  /** Shows a transition to whoever follows the alarm line by line, as `notify` sends a notice; absent where nobody can. */
  follow?(transition: AlarmOutput): Promise<void>;
}>;
