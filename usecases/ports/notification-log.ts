/** Whose notices: a cylinder's or a gateway's. */
export type NoticeSubject = Readonly<{ kind: 'cylinder' | 'gateway'; name: string }>;

/** `claimed`: yours to tell; `told`: somebody has told it; `busy`: somebody is telling it, or died over it a moment ago. */
export type Claim = 'claimed' | 'told' | 'busy';

/** What keeps a notice of the ledger from being told twice. Times are ms since the epoch. Each call rejects when the service fails. */
export type NotificationLog = Readonly<{
  /**
   * Asks for a notice in order to tell it. A claim lapses by itself after a while that outlasts any run that may hold
   * it. A notice that is not in the box was told so long ago that it is forgotten: `told`. One whose predecessor (`…#1`
   * before `…#2`) was put there within the last minutes and is not told yet is `busy` as well: people are told in order.
   */
  claim(subject: NoticeSubject, noticeId: string, now: number): Promise<Claim>;
  /** Says that a claimed notice has been told; idempotent, and final. */
  told(subject: NoticeSubject, noticeId: string, now: number): Promise<void>;
  /** Gives up a claim of a notice that could not be told, so that it can be claimed again at once; one that is told stays so. */
  release(subject: NoticeSubject, noticeId: string): Promise<void>;
}>;
