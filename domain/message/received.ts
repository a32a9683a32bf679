import type { RawMessage } from './raw-message.ts';
import { type MessageReading, readMessage } from './read-message.ts';

/** A message with what was read in it. */
export type Received = Readonly<{ raw: RawMessage; reading: MessageReading }>;

export const received = (raw: RawMessage): Received => ({ raw, reading: readMessage(raw) });
