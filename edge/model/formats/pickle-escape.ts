const NAMED: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A line of a text pickle with its backslash escapes carried out: \\x41, \\u0041, \\U00000041 and named ones. */
export const withoutEscapes = (line: string): string => {
  if (!line.includes('\\')) return line;
  // One place for each character: a line may hold millions of escapes.
  const units = new Uint16Array(line.length);
  let count = 0;
  for (let at = 0; at < line.length; at++) {
    const escaped = line[at] === '\\' ? readEscape(line, at + 1) : null;
    units[count++] = escaped?.unit ?? line.charCodeAt(at);
    at += escaped?.length ?? 0;
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
};

const readEscape = (line: string, at: number): Readonly<{ unit: number; length: number }> | null => {
  const mark = line[at] ?? '';
  const digits = DIGITS[mark];
  if (digits === undefined) {
    const unit = NAMED[mark];
    return unit === undefined ? null : { unit, length: 1 };
  }
  const hex = line.slice(at + 1, at + 1 + digits);
  const unit = Number.parseInt(hex, 16);
  return hex.length === digits && unit <= 0xffff ? { unit, length: 1 + digits } : null;
};
