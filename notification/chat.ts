import { type Notice, noticeSeries } from '../domain/notice/notice.ts';
import { oneLine } from './line-text.ts';
import type { NoticeType } from './locales/notice-words.ts';
import { NONE, noticeRecord } from './notice-record.ts';
import { viewNotice } from './notice-view.ts';
import type { Reader } from './time-text.ts';

/**
 * A custom notification, version 1.0, as Amazon Q Developer in chat applications (once AWS Chatbot) puts it into Slack
 * and Teams. https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export type ChatNotification = Readonly<{
  version: '1.0';
  source: 'custom';
  id: string;
  content: Readonly<{
    textType: 'client-markdown';
    title: string;
    description: string;
    nextSteps?: readonly string[];
    keywords: readonly string[];
  }>;
  metadata: Readonly<{
    /** One incident is one thread. */
    threadId: string;
    summary: string;
    eventType: NoticeType;
    relatedResources: readonly string[];
    additionalContext: Readonly<Record<string, string>>;
  }>;
}>;

const SIGNS: Readonly<Record<NoticeType, string>> = {
  RAISED: '⚠️',
  REOPENED: '⚠️',
  FLAPPING: '🔁',
  ESCALATED: '🚨',
  SHELF_EXPIRED: '⚠️',
  REMINDER: '⏰',
  RECOVERED: '✅',
  OCCURRED: 'ℹ️',
  OFFLINE: '🔇',
  ONLINE: '🔊',
  UNWATCHED: '❓',
  WATCHED: '👀',
  DRIFTED: '🧭',
  SETTLED: '🧭',
};

/** A name or a text that cannot be taken for markup: no tag, mention or code span begins in it. */
const plain = (text: string): string =>
  oneLine(text).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('`', "'");

const known = (fields: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, oneLine(value ?? '')] as const)
      .filter(([, value]) => value !== '' && value !== NONE),
  );

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What names the thread of a notice: its incident, or the outage that it begins or ends. */
const threadOf = ({ output }: Notice): string =>
  oneLine('incident' in output ? output.incident : noticeSeries(output.id));

/** A notice as a chat message, in the markdown of whichever chat shows it. */
export const noticeChat = (notice: Notice, reader: Reader, site: string): ChatNotification => {
  const view = viewNotice(notice, reader);
  const language = reader.language ?? 'en';
  const { id, kind, gateway, cylinder, incident, severity, at, beganAt } = noticeRecord(notice, {
    site,
    language,
  });
  const { labels, actions } = view.words;
  const line = (label: string, value: string | null): readonly string[] =>
    value === null || value === '' ? [] : [`*${label}:* ${plain(value)}`];
  const names = [view.cylinder, view.gateway, site]
    .map((name) => plain(name ?? ''))
    .filter((name) => name !== '');
  const steps = [
    ...(view.check === null ? [] : [plain(view.words.lookAt(view.check))]),
    ...(view.link !== null
      ? [view.action === null ? view.link : `${actions[view.action.name]}: ${view.link}`]
      : view.action === null
        ? []
        : [`${actions[view.action.name]}: \`${plain(view.action.command)}\``]),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: `${SIGNS[kind]} ${plain(view.words.headline(view.title, view.subject, view.sentence))}`,
      description: [
        ...line(labels.site, site),
        ...line(labels.gateway, view.gateway),
        ...line(labels.when, view.period),
        ...line(labels.noticedAt, view.at),
        ...line(
          labels.why,
          [view.share, ...view.deviations, view.forecast, view.trust]
            .filter((part) => part !== null)
            .join('; '),
        ),
        ...line(labels.notice, view.id),
      ].join('\n'),
      ...(steps.length === 0 ? {} : { nextSteps: steps }),
      keywords: [plain(view.title), ...names],
    },
    metadata: {
      threadId: threadOf(notice),
      summary: plain(view.words.headline(view.title, view.subject, view.short.full)),
      eventType: kind,
      relatedResources: names,
      additionalContext: known({
        site,
        gateway,
        cylinder,
        incident,
        severity,
        kind,
        id,
        at: timeOf(at),
        beganAt: timeOf(beganAt),
      }),
    },
  };
};
