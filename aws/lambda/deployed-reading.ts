import type { ReadingOptions } from '../../domain/message/read-message.ts';

/**
 * How functions understand devices of other makes, and score what nobody has scored. A deployment with `map` or `score`
 * puts what they say in place of this module (infra/reading.cjs); without them no code for it is in a bundle.
 */
export const deployedReading: Pick<ReadingOptions, 'mapper' | 'scorer'> = {};
