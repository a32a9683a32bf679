import type { Notice } from '../domain/notice/notice.ts';
import { oneLine, shortened } from './line-text.ts';
import { shortPeriods } from './notice-period.ts';
import { type NoticeView, viewNotice } from './notice-view.ts';
import type { Reader } from './time-text.ts';

export type NoticeEmail = Readonly<{ subject: string; body: string }>;

/** SNS takes subjects of less than 100 characters; in ASCII every mail client shows them. */
const SUBJECT_LIMIT = 99;

/** More than the longest type and severity of the default policy; a policy may name severities at any length. */
const TITLE_LIMIT = 30;

const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]+/g, '')
    .trim();

/**
 * The subject of a notice's e-mail: printable ASCII, so in English whoever reads, with no line breaks and less than
 * 100 characters. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export const noticeSubject = (notice: Notice, { timeZone }: Reader, site: string): string => {
  const reader: Reader = { timeZone, language: 'en' };
  const { title, subject, short, gateway, cylinder } = viewNotice(notice, reader);
  const places = [ascii(site), cylinder === null ? '' : ascii(gateway ?? '')].filter((place) => place !== '');
  const happened = `${short} ${shortPeriods(notice, reader).bare}`;
  const head = `[${shortened(ascii(title), TITLE_LIMIT)}]`;
  const name = shortened(ascii(subject), SUBJECT_LIMIT - head.length - happened.length - 2);
  const what = `${head} ${name} ${happened}`;
  const where = places.length === 0 ? '' : ` (${places.join(', ')})`;
  return what.length + where.length <= SUBJECT_LIMIT ? `${what}${where}` : what;
};

const section = (title: string, lines: readonly (string | null)[]): readonly string[] => {
  const present = lines.filter((line) => line !== null);
  return present.length === 0 ? [] : ['', title, ...present.map((line) => `  ${line}`)];
};

const field = (label: string, value: string | null): readonly string[] =>
  value === null || value === '' ? [] : [`${label}: ${oneLine(value)}`];

const bodyOf = (view: NoticeView, { timeZone }: Reader, site: string): string => {
  const { words, title, severity, cylinder, gateway, subject, sentence, at, period, action } = view;
  const { labels } = words;
  return [
    `${title}: ${subject} ${sentence}`,
    '',
    ...field(labels.cylinder, cylinder),
    ...field(labels.site, site),
    ...field(labels.gateway, gateway ?? labels.unknown),
    ...field(labels.severity, severity),
    ...field(labels.when, period),
    ...field(labels.noticedAt, `${at} (${timeZone})`),
    ...section(labels.why, [view.share, ...view.deviations]),
    ...section(labels.check, [view.check]),
    ...(action === null ? [] : section(words.actions[action.name], [action.command])),
    '',
    ...field(labels.incident, view.incident),
    ...field(labels.notice, view.id),
  ].join('\n');
};

/** A notice as an e-mail that somebody can act upon who was asleep a minute ago. */
export const noticeEmail = (notice: Notice, reader: Reader, site: string): NoticeEmail => {
  const view = viewNotice(notice, reader);
  return { subject: noticeSubject(notice, reader, site), body: bodyOf(view, reader, site) };
};
