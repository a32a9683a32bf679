// Controls, what turns the direction of writing round, what is not seen, and halves of characters.
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Text from outside that a terminal shows and does not obey, on one line. All that comes from clients passes here. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '�');

/** A text as one word of a shell: as it is where it is plain, in quotes otherwise. */
export const shellWord = (text: string): string =>
  /^[\w:@.,/=+-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", `'\\''`)}'`;

/** An option with its value for a command that is advised: a value that begins with a hyphen never becomes an option itself. */
export const optionText = (option: string, value: string): string =>
  value.startsWith('-') ? `${option}=${shellWord(value)}` : `${option} ${shellWord(value)}`;
