import type { Notice } from '../domain/notice/notice.ts';
import { shortened } from './line-text.ts';
import { isOpenNotice } from './notice-short.ts';
import { sensorText, viewNotice } from './notice-view.ts';
import type { Reader } from './time-text.ts';

/**
 * What one SMS holds, in UTF-16 units: 140 of ASCII, 70 where anything else is among it; two joined ones hold 134 of
 * the latter. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const ASCII_LIMIT = 140;
const OTHER_LIMIT = 70;
const JOINED_LIMIT = 134;

const SEVERITY_LIMIT = 16;
const TITLE_LIMIT = 30;

/** Less than this beside a link says nothing to anybody. */
const MIN_TEXT = 24;

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** In a text that is ASCII otherwise, the degree sign would halve what fits. */
const withoutDegree = (text: string): string => {
  const plain = text.replaceAll('°', '');
  return isAscii(plain) ? plain : text;
};

const fitsOne = (text: string): boolean => text.length <= (isAscii(text) ? ASCII_LIMIT : OTHER_LIMIT);

/**
 * A notice as one SMS: of what is abnormal the severity, of all else what it is; whom it is about, what happened and
 * when, its link where there is one, and as much more as fits one part. A cylinder is named in full even where that takes a second part; only a name too long for two is shortened.
 */
export const noticeSms = (notice: Notice, reader: Reader): string => {
  const { words, title, severity, subject, gateway, cylinder, short, link } = viewNotice(notice, reader);
  const [largest] = notice.facts?.deviations ?? [];
  // Whoever reads ALARM first has jumped up already.
  const isOpen = isOpenNotice(notice.output.type);
  const head = isOpen ? shortened(severity ?? title, SEVERITY_LIMIT) : shortened(title, TITLE_LIMIT);
  const core = (name: string, what: string): string => `${head}: ${name} ${what}`;
  const moved = largest === undefined || !isOpen ? '' : `, ${sensorText(largest, words)}`;
  const place = cylinder === null || gateway === null ? '' : `, ${gateway}`;
  const full = core(subject, short.full);
  const bare = core(subject, short.bare);
  const candidates = [`${full}${moved}${place}`, `${full}${moved}`, `${full}${place}`, full, bare].map(
    withoutDegree,
  );
  if (link !== null) {
    const linked = candidates.map((text) => `${text} ${link}`);
    const last = linked.at(-1) ?? '';
    // A link is worth more than all else, and a second part where the words are not of ASCII.
    const chosen = linked.find(fitsOne) ?? (isAscii(last) || last.length > JOINED_LIMIT ? undefined : last);
    if (chosen !== undefined) return chosen;
    const named = core(subject, '').trimEnd();
    const room = (isAscii(named) ? ASCII_LIMIT : JOINED_LIMIT) - link.length - 1;
    if (room >= MIN_TEXT) return `${shortened(named, room)} ${link}`;
  }
  const best = candidates.find(fitsOne);
  if (best !== undefined) return best;
  const limit = isAscii(bare) ? ASCII_LIMIT : JOINED_LIMIT;
  if (bare.length <= limit) return bare;
  return core(shortened(subject, subject.length - (bare.length - limit)), short.bare);
};
