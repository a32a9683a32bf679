import type { Notice } from '../../domain/notice/notice.ts';
import type { Language } from '../../notification/locales/languages.ts';
import type { Reader } from '../../notification/time-text.ts';

/** What notices say of where they come from, and in which words people there read them. */
export type NoticeOrigin = Readonly<{ site: string; language: Language }> & Pick<Reader, 'linkTo'>;

/** What became of an attempt: `refused` is for good, `failed` is tried again, not before `retryAfterMs` where that is said. */
export type DeliveryOutcome =
  | Readonly<{ kind: 'told' }>
  | Readonly<{ kind: 'refused'; reason: string }>
  | Readonly<{ kind: 'failed'; reason: string; retryAfterMs?: number }>;

/** A way by which notices reach people or machines. */
export type Channel = Readonly<{
  /** By which its deliveries are stored: never to be changed. */
  name: 'command' | 'webhook' | 'topic';
  /** As people know it. */
  title: string;
  /** Tells a notice once; ends soon, whatever it is doing, when the signal is aborted. */
  deliver(notice: Notice, signal: AbortSignal): Promise<DeliveryOutcome>;
}>;
