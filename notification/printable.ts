// Control characters, and those that turn the direction of writing round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from outside that a terminal shows and does not obey. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '�');
