import { styleText } from 'node:util';

type Style = Extract<Parameters<typeof styleText>[0], string>;

/** Gives text a colour or a weight, or leaves it as it is where there are none. */
export type Paint = (style: Style, text: string) => string;

/** Paints for a terminal, unless it has no colours or NO_COLOR says not to. */
export const paintFor = (stream: NodeJS.WriteStream): Paint =>
  stream.isTTY && stream.hasColors()
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
