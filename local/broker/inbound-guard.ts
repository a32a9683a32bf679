import type { Duplex } from 'node:stream';
import { LocalError } from '../run/local-error.ts';

/**
 * What a run of bytes held: where the first packet ends (null while it goes on), a packet too long to take (its bytes,
 * else 0), and how far it was looked at, which is less than all where it holds more packets than were asked for.
 */
export type Metered = Readonly<{ firstEnd: number | null; tooLongBytes: number; end: number }>;

export type PacketMeter = (chunk: Uint8Array, maxPackets?: number) => Metered;

const MAX_LENGTH_BYTES = 4;

/**
 * Follows the packets in a stream of bytes by their fixed headers alone, without keeping anything
 * (MQTT 3.1.1, section 2.2). Feed it each byte once, in order.
 */
export const createPacketMeter = (maxPacketBytes: number): PacketMeter => {
  let remainingBytes = 0;
  let lengthBytesRead = -1;
  let length = 0;

  return (chunk, maxPackets = Number.POSITIVE_INFINITY) => {
    let firstEnd: number | null = null;
    let packets = 0;
    let at = 0;
    while (at < chunk.length && packets < maxPackets) {
      if (remainingBytes > 0) {
        const step = Math.min(remainingBytes, chunk.length - at);
        at += step;
        remainingBytes -= step;
        if (remainingBytes > 0) continue;
        firstEnd ??= at;
        packets += 1;
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
      if (length > maxPacketBytes) return { firstEnd, tooLongBytes: length, end: at };
      remainingBytes = length;
      lengthBytesRead = -1;
      if (length > 0) continue;
      firstEnd ??= at;
      packets += 1;
    }
    return { firstEnd, tooLongBytes: 0, end: at };
  };
};

export type InboundGuard = Readonly<{
  /** Lets through what followed the first packet; to be called when the client's CONNECT has been answered. */
  open(): void;
  /** Lets nothing more through. */
  stop(): void;
}>;

/** How many connections have sent more than they were given a turn for: the more, the shorter each turn. */
export type Turns = { waiting: number };

const MAX_PACKETS_A_TURN = 2_000;
const MIN_PACKETS_A_TURN = 64;

/** Packets that a connection may have handled before the others have their turn: some tens of ms for all of them. */
const packetsATurn = ({ waiting }: Turns): number =>
  Math.max(MIN_PACKETS_A_TURN, Math.floor(MAX_PACKETS_A_TURN / (1 + waiting)));

/**
 * Stands between a connection and the broker that reads it with `read()`. It ends the connection at a packet longer than
 * `maxPacketBytes`, and holds back what a client sends on the heels of its CONNECT until CONNACK is out: the broker
 * would handle the second chunk of that before the first, and wait for any length that a header promises. Of a flood it
 * gives the broker a piece at a time, so that every other connection is read in between.
 */
export const guardInbound = (stream: Duplex, maxPacketBytes: number, turns: Turns): InboundGuard => {
  const meter = createPacketMeter(maxPacketBytes);
  const readStream = stream.read.bind(stream);
  let state: 'first packet' | 'held' | 'open' | 'stopped' = 'first packet';
  let isResting = false;
  let wasAsked = false;

  const rest = (): void => {
    isResting = true;
    wasAsked = false;
    turns.waiting += 1;
    setImmediate(() => {
      isResting = false;
      turns.waiting -= 1;
      if (wasAsked && !stream.destroyed) stream.emit('readable');
    });
  };

  stream.read = (size?: number): Buffer | null => {
    // Node asks for nothing to have more read into the stream's buffer, and throws away what it gets.
    if (size === 0 && state !== 'stopped') return readStream(0);
    if (state === 'held' || state === 'stopped') return null;
    if (isResting) {
      wasAsked = true;
      return null;
    }
    const chunk: Buffer | null = readStream(size);
    if (chunk === null) return null;
    const isFirst = state === 'first packet';
    const { firstEnd, tooLongBytes, end } = meter(chunk, isFirst ? 1 : packetsATurn(turns));
    if (tooLongBytes > 0) {
      state = 'stopped';
      stream.destroy(tooLong(tooLongBytes, maxPacketBytes));
      return null;
    }
    if (isFirst && firstEnd !== null) state = 'held';
    if (end === chunk.length) return chunk;
    // Back into the stream, which does not end before it has been read.
    stream.unshift(chunk.subarray(end));
    if (!isFirst) rest();
    return chunk.subarray(0, end);
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
