import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { plainText } from '../../notification/plain-text.ts';
import type { Reader } from '../../notification/time-text.ts';
import type { Paint } from './paint.ts';

const GOOD: ReadonlySet<NoticeOutput['type']> = new Set(['RECOVERED', 'OCCURRED', 'ONLINE']);

/** A notice as lines for a console: its type painted, its details set in. */
export const noticeText = (paint: Paint, notice: Notice, reader: Reader): readonly string[] => {
  const [headline = '', ...details] = plainText(notice, reader);
  const colon = headline.indexOf(':');
  const colour = GOOD.has(notice.output.type) ? 'green' : 'red';
  return [
    `${paint(colour, headline.slice(0, colon))}${headline.slice(colon)}`,
    ...details.map((line) => `    ${line}`),
  ];
};
