import type { RawMessage } from './raw-message.ts';
import { type MessageReading, readMessage } from './read-message.ts';

/** A message with what was read in it. */
export type Received = Readonly<{ raw: RawMessage; reading: MessageReading }>;

/** `prefix`: the topic under which gateways publish, where it is not the usual one. */
export const received = (raw: RawMessage, prefix?: string): Received => ({
  raw,
  reading: readMessage(raw, prefix),
});
