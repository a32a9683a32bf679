import type { Paint } from '../../../local/console/screen.ts';

/** Colours off. */
export const plain: Paint = (_, text) => text;

/** Colours on, as a person can read them: `<red:ACTIVE>`. */
export const marked: Paint = (style, text) => `<${style}:${text}>`;
