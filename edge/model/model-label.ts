import type { Model } from './model.ts';

const LONGEST_NAME = 100;

/** How messages name a model: its name and the first digits of what it is, at most 128 characters. */
export const modelLabel = ({ name, version }: Model): string => `${name.slice(0, LONGEST_NAME)}@${version}`;
