import { stripVTControlCharacters } from 'node:util';

const PLAIN = /^[ -~]*$/;
/** What is drawn over the character before it, or not at all. */
const UNSEEN = /[\p{Mn}\p{Me}\p{Cf}]/gu;
/** What a terminal gives two columns: the East Asian Wide and Fullwidth of https://www.unicode.org/reports/tr11/, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/gu;

/** How many columns of a terminal a text takes up: Hangul, Han and emoji take two each, colours none. */
export const textWidth = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  const seen = [...stripVTControlCharacters(text).replace(UNSEEN, '')];
  return seen.length + (seen.join('').match(WIDE)?.length ?? 0);
};

/** A text with blanks behind it up to so many columns. */
export const padEndTo = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - textWidth(text)));

/** A text with blanks before it up to so many columns. */
export const padStartTo = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - textWidth(text))) + text;

/** As much of the beginning of a text as has room in so many columns; no character is halved. */
export const beginningOf = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text;
  let beginning = '';
  let left = columns;
  for (const character of text) {
    left -= textWidth(character);
    if (left < 0) break;
    beginning += character;
  }
  return beginning;
};
