import type { Socket } from 'node:net';
import { LocalError } from '../run/local-error.ts';
import { createPacketMeter } from './packet-meter.ts';

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
