import type { Notice } from '../domain/notice/notice.ts';
import { oneLine, shortened } from './line-text.ts';
import { type NoticeView, viewNotice } from './notice-view.ts';
import type { Reader } from './time-text.ts';

export type NoticeEmail = Readonly<{ subject: string; body: string }>;

/** SNS takes subjects of less than 100 characters, of any language. */
const SUBJECT_LIMIT = 99;

/** More than the longest type and severity of the default policy; a policy may name severities at any length. */
const TITLE_LIMIT = 30;

/**
 * The subject of a notice's e-mail: UTF-8 without line breaks or controls, less than 100 characters (counted in UTF-16
 * units, of which there are the more). https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const subjectOf = ({ title, subject, short, gateway, cylinder }: NoticeView, site: string): string => {
  const places = [oneLine(site), cylinder === null ? '' : (gateway ?? '')].filter((place) => place !== '');
  const head = `[${shortened(title, TITLE_LIMIT)}]`;
  const name = shortened(subject, SUBJECT_LIMIT - head.length - short.bare.length - 2);
  const what = `${head} ${name} ${short.bare}`;
  const where = places.length === 0 ? '' : ` (${places.join(', ')})`;
  return what.length + where.length <= SUBJECT_LIMIT ? `${what}${where}` : what;
};

const section = (title: string, lines: readonly (string | null)[]): readonly string[] => {
  const present = lines.filter((line) => line !== null);
  return present.length === 0 ? [] : ['', title, ...present.map((line) => `  ${line}`)];
};

const field = (label: string, value: string | null): readonly string[] =>
  value === null || value === '' ? [] : [`${label}: ${oneLine(value)}`];

const bodyOf = (view: NoticeView, site: string): string => {
  const { words, title, severity, cylinder, gateway, subject, sentence, at, period, action } = view;
  const { labels } = words;
  return [
    words.headline(title, subject, sentence),
    '',
    // Alone on its line, so that every program makes it one that can be tapped.
    ...(view.link === null ? [] : [view.link, '']),
    ...field(labels.cylinder, cylinder),
    ...field(labels.site, site),
    ...field(labels.gateway, gateway ?? labels.unknown),
    ...field(labels.severity, severity),
    ...field(labels.when, period),
    ...field(labels.noticedAt, at),
    ...section(labels.why, [view.share, ...view.deviations, view.forecast, view.trust]),
    ...section(labels.check, [view.check]),
    ...(action === null ? [] : section(words.actions[action.name], [view.link ?? action.command])),
    '',
    ...field(labels.incident, view.incident),
    ...field(labels.notice, view.id),
  ].join('\n');
};

/** A notice as an e-mail that somebody can act upon who was asleep a minute ago. */
export const noticeEmail = (notice: Notice, reader: Reader, site: string): NoticeEmail => {
  const view = viewNotice(notice, reader);
  return { subject: subjectOf(view, site), body: bodyOf(view, site) };
};
