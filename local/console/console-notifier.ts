import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import { type Fields, isFields } from '../../domain/fields.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { printable } from '../../domain/printable.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import { plainText, viewNotice } from '../../notification/notice-view.ts';
import { type Reader, timeText, zoneText } from '../../notification/time-text.ts';
import type { Notifier } from '../../usecases/ports/notification-log.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';
import type { NoticeOrigin } from '../notices/channel.ts';
import { gathered } from '../run/gathered.ts';
import type { Answered } from '../shadow/shadow-service.ts';
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

/** A notice for programs: what the alarm says, and all else that is known. */
export const noticeLine = (notice: Notice, origin: NoticeOrigin): string =>
  JSON.stringify({ ...notice.output, ...noticeRecord(notice, origin), ...notice.output });

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

/** What was done: its name on the console, and its details. */
type Done = Readonly<{ what: string; details?: string }>;

const untilText = (until: unknown, reader: Reader): string => {
  if (typeof until !== 'number') return '';
  return `until ${timeText(until, reader)} (${zoneText(until, reader)})`;
};

/** Which fields of the policy were set and which taken back. */
const policyChange = (before: unknown, after: unknown): string => {
  const [old, now] = [before, after].map((fields) => (isFields(fields) ? fields : {}));
  const set = Object.entries(now ?? {}).flatMap(([field, value]) => {
    const written = JSON.stringify(value);
    return JSON.stringify(old?.[field]) === written ? [] : [`${field} set to ${written}`];
  });
  const takenBack = Object.keys(old ?? {}).filter((field) => now?.[field] == null);
  return [...set, ...takenBack.map((field) => `${field} taken back`)].join(', ');
};

/** The command as the twin shows it in force; no fields where it shows a later one of the kind. */
const commandIn = (twin: Fields, { kind, id }: Fields): Fields => {
  const command = twin[String(kind)];
  return isFields(command) && (id === undefined || command.id === id) ? command : {};
};

const doneBy = ({ verdict, twin, before }: Answered, reader: Reader): Done => {
  const { until, outcome, mode } = commandIn(twin, verdict);
  switch (verdict.kind) {
    case 'ack':
      return { what: 'ACKNOWLEDGED' };
    case 'shelve':
      return { what: 'SHELVED', details: untilText(until, reader) };
    case 'unshelve':
      return { what: 'UNSHELVED' };
    case 'maintenance':
      return Number(until) <= Number(verdict.answeredAt)
        ? { what: 'MAINTENANCE ENDED' }
        : { what: 'MAINTENANCE', details: untilText(until, reader) };
    case 'close':
      return {
        what: 'CLOSED',
        details: typeof outcome === 'string' ? `as ${[outcome, mode].filter(Boolean).join(', ')}` : '',
      };
    case 'policy':
      return { what: 'POLICY', details: policyChange(before.policy, twin.policy) };
    default:
      return { what: String(verdict.kind) };
  }
};

/** What became of what a person asked for, as a line for a console. */
export const answerText = (paint: Paint, answered: Answered, reader: Reader): string => {
  const { cylinder, verdict, twin } = answered;
  const { kind, result, by, words } = verdict;
  const isDone = result === 'in-force';
  const { what, details = '' } = isDone
    ? doneBy(answered, reader)
    : { what: `${String(result).toUpperCase()} ${kind}` };
  const { outcome, mode } = isDone ? commandIn(twin, verdict) : {};
  // Without a comment the words of a closing are its mode or outcome.
  const isSaid = typeof words === 'string' && words !== outcome && words !== mode;
  const text = [cylinder, typeof by === 'string' ? `by ${by}` : '', details].filter(Boolean).join(' ');
  return `${paint(isDone ? 'cyan' : 'yellow', printable(what))}: ${printable(`${text}${isSaid ? `: ${words}` : ''}`)}`;
};
