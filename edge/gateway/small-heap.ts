import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect garbage early instead of letting young memory grow: a gateway of 100 cylinders then needs some
 * 20 MB less and half a percent more of a core. To be called before anything else.
 */
export const keepHeapSmall = (): void => {
  setFlagsFromString('--max-semi-space-size=1');
  setFlagsFromString('--optimize-for-size');
};
