import type { MessageReading } from './read-message.ts';

/** The cylinder whose samples a message held, understood or not; null where the message itself was not understood. */
export const namedCylinder = ({ samples, rejections }: MessageReading): string | null =>
  samples[0]?.cylinder ?? rejections.find(({ index }) => index !== null)?.cylinder ?? null;
