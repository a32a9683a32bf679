import type { Notice } from '../notice/notice.ts';

/** Tells people. */
export type Notifier = Readonly<{
  /** Resolves when the notice is out; rejects when the service failed, and then it may be tried again. */
  tell(notice: Notice): Promise<void>;
}>;
