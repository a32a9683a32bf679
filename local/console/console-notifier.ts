import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { printable } from '../../domain/printable.ts';
import { viewNotice } from '../../notification/notice-view.ts';
import { plainText } from '../../notification/plain-text.ts';
import type { Reader } from '../../notification/time-text.ts';
import type { Notifier } from '../../usecases/ports/notification-log.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';
import { gathered } from '../run/gathered.ts';
import type { Paint } from './screen.ts';

/** What is shown on a console: notices to people, transitions to whoever follows the alarm line by line. */
export type ConsoleItem = Extract<OutboxItem, Readonly<{ kind: 'notice' | 'transition' }>>;

/** Notifies on a console; what comes in one turn is shown together. What `show` gives for each says when it is out. */
export const createConsoleNotifier = (
  show: (items: readonly ConsoleItem[]) => readonly (void | Promise<void>)[],
): Required<Notifier> => {
  const put = gathered<ConsoleItem, void>(show);
  return {
    notify: (notice) => put({ kind: 'notice', notice }),
    follow: (transition) => put({ kind: 'transition', transition }),
  };
};

const GOOD: ReadonlySet<NoticeOutput['type']> = new Set(['RECOVERED', 'OCCURRED', 'ONLINE', 'WATCHED']);

/** A notice as lines for a console: its type painted, its details set in. */
export const noticeText = (paint: Paint, notice: Notice, reader: Reader): readonly string[] => {
  const [headline = '', ...details] = plainText(notice, reader).map(printable);
  const { title } = viewNotice(notice, reader);
  const colour = GOOD.has(notice.output.type) ? 'green' : 'red';
  return [
    headline.replace(printable(title), (text) => paint(colour, text)),
    ...details.map((line) => `    ${line}`),
  ];
};
