import { createHash } from 'node:crypto';
import type { RawMessage } from '../../domain/message/raw-message.ts';

/** Names a message by its topic, bytes and time of receipt; a topic holds no NUL, so that nothing runs together. */
export const messageHash = ({ topic, body, receivedAt }: RawMessage): Uint8Array =>
  createHash('sha256').update(`${topic}\0${receivedAt}\0`).update(body).digest();
