import type { Socket } from 'node:net';
import { LocalError } from '../run/local-error.ts';

/** What a run of bytes held: where the first packet ends (null while it goes on), and a packet too long to take (its bytes, else 0). */
export type Metered = Readonly<{ firstEnd: number | null; tooLongBytes: number }>;

const MAX_LENGTH_BYTES = 4;

/**
 * Follows the packets in a stream of bytes by their fixed headers alone, without keeping anything
 * (MQTT 3.1.1, section 2.2). Feed it each chunk once, in order.
 */
export const createPacketMeter = (maxPacketBytes: number): ((chunk: Uint8Array) => Metered) => {
  let remainingBytes = 0;
  let lengthBytesRead = -1;
  let length = 0;

  return (chunk) => {
    let firstEnd: number | null = null;
    let at = 0;
    while (at < chunk.length) {
      if (remainingBytes > 0) {
        const step = Math.min(remainingBytes, chunk.length - at);
        at += step;
        remainingBytes -= step;
        if (remainingBytes === 0) firstEnd ??= at;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (lengthBytesRead < 0) {
        lengthBytesRead = 0;
        length = 0;
        continue;
      }
      length += (byte & 0x7f) * 128 ** lengthBytesRead;
      lengthBytesRead += 1;
      if (byte >= 0x80 && lengthBytesRead < MAX_LENGTH_BYTES) continue;
      if (length > maxPacketBytes) return { firstEnd, tooLongBytes: length };
      remainingBytes = length;
      lengthBytesRead = -1;
      if (length === 0) firstEnd ??= at;
    }
    return { firstEnd, tooLongBytes: 0 };
  };
};

export type InboundGuard = Readonly<{
  /** Lets through what followed the first packet; to be called when the client's CONNECT has been answered. */
  open(): void;
  /** Lets nothing more through. */
  stop(): void;
}>;

/**
 * Stands between a socket and the broker that reads it with `read()`. It ends the connection at a packet longer than
 * `maxPacketBytes`, and holds back what a client sends on the heels of its CONNECT until CONNACK is out: the broker
 * would handle the second chunk of that before the first, and wait for any length that a header promises.
 */
export const guardInbound = (socket: Socket, maxPacketBytes: number): InboundGuard => {
  const meter = createPacketMeter(maxPacketBytes);
  const readSocket = socket.read.bind(socket);
  let state: 'first packet' | 'held' | 'open' | 'stopped' = 'first packet';
  let heldBack: Buffer | null = null;

  const readMetered = (size?: number): Buffer | null => {
    const chunk: Buffer | null = readSocket(size);
    if (chunk === null) return null;
    const { firstEnd, tooLongBytes } = meter(chunk);
    if (tooLongBytes > 0) {
      state = 'stopped';
      socket.destroy(tooLong(tooLongBytes, maxPacketBytes));
      return null;
    }
    if (state !== 'first packet' || firstEnd === null) return chunk;
    state = 'held';
    if (firstEnd < chunk.length) heldBack = chunk.subarray(firstEnd);
    return chunk.subarray(0, firstEnd);
  };

  socket.read = (size?: number): Buffer | null => {
    if (state === 'held' || state === 'stopped') return null;
    const before = heldBack;
    heldBack = null;
    const chunk = readMetered(size);
    if (before === null) return chunk;
    return chunk === null ? before : Buffer.concat([before, chunk]);
  };

  return {
    open: () => {
      if (state === 'held') state = 'open';
    },
    stop: () => {
      state = 'stopped';
    },
  };
};

const tooLong = (bytes: number, maxBytes: number): Error =>
  new LocalError(
    'PacketTooLong',
    `a packet of ${bytes} bytes is more than the ${maxBytes} that this broker takes`,
  );
