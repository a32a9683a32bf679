/** A text on one line: well-formed Unicode without controls, non-characters, and what breaks or turns a line. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFE\uFFFF]+/gu, ' ')
    .trim();

const GAP = '..';

/**
 * A name of no more than `limit` UTF-16 units: of a longer one its beginning and its end, since names that begin alike
 * are told apart by their ends. No character is cut in two.
 */
export const shortened = (name: string, limit: number): string => {
  if (name.length <= limit) return name;
  const room = Math.max(0, limit - GAP.length);
  const characters = Array.from(name);
  let head = '';
  let tail = '';
  while (characters.length > 0) {
    const takesHead = head.length <= tail.length;
    const next = (takesHead ? characters.shift() : characters.pop()) ?? '';
    if (head.length + tail.length + next.length > room) break;
    if (takesHead) head += next;
    else tail = next + tail;
  }
  return `${head}${GAP}${tail}`;
};
