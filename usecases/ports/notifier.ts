import type { Notice } from '../../domain/notice/notice.ts';

/** How people are told. */
export type Notifier = Readonly<{
  /** Tells a notice, once for each call. Rejects when the service fails; whether people were told is then unknown. */
  tell(notice: Notice): Promise<void>;
}>;
