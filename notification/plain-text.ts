import type { Notice } from '../domain/notice/notice.ts';
import { viewNotice } from './notice-view.ts';
import type { Reader } from './time-text.ts';

const present = (lines: readonly (string | null)[]): readonly string[] =>
  lines.filter((line) => line !== null);

/** A notice as lines of text: the first says all that a screen with one line needs, the others are the details. */
export const plainText = (notice: Notice, reader: Reader): readonly string[] => {
  const {
    words,
    title,
    cylinder,
    gateway,
    subject,
    sentence,
    at,
    period,
    share,
    deviations,
    check,
    link,
    id,
  } = viewNotice(notice, reader);
  const where = cylinder === null || gateway === null ? subject : `${cylinder} (${words.gateway(gateway)})`;
  return present([
    `${words.headline(title, where, sentence)}, ${at}`,
    period,
    share,
    deviations.length === 0 ? null : words.largestDeviations(deviations.join(', ')),
    check === null ? null : words.lookAt(check),
    link,
    words.noticeId(id),
  ]);
};
