import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { Notice } from '../../domain/notice/notice.ts';

/** How people are notified. */
export type Notifier = Readonly<{
  /** Sends a notice, once for each call. Rejects when the service fails; whether people have it is then unknown. */
  notify(notice: Notice): Promise<void>;
  /** Shows a transition to whoever follows the alarm line by line, as `notify` sends a notice; absent where nobody can. */
  follow?(transition: AlarmOutput): Promise<void>;
}>;
