import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AedesPublishPacket } from 'aedes';
import type { Bounds } from './bounds.ts';

/** The part of the broker's store that keeps retained messages. */
export type RetainedStore = {
  storeRetained(packet: AedesPublishPacket): Promise<void>;
  createRetainedStreamCombi(filters: readonly string[]): Readable;
};

export type RetainedMessages = RetainedStore &
  Readonly<{
    /** Whether a message of a client, with so many bytes, may be kept; keeps the room for it if so. */
    admit(client: string, topic: string, bytes: number): boolean;
    count(): number;
  }>;

type Room = Readonly<{ client: string; bytes: number }>;
type Used = { messages: number; bytes: number };

const TESTS_A_TURN = 1_000;
/** One client may have this part of the whole. */
const SHARE = 1 / 4;

const isMatch = (filter: readonly string[], topic: string): boolean => {
  const levels = topic.split('/');
  for (const [index, wanted] of filter.entries()) {
    if (wanted === '#') return true;
    if (index >= levels.length || (wanted !== '+' && wanted !== levels[index])) return false;
  }
  return filter.length === levels.length;
};

/** Retained messages in memory, bounded by number and bytes for a client and for all. */
export const createRetainedMessages = ({
  messages,
  bytes: maxBytes,
}: Bounds['retained']): RetainedMessages => {
  const packets = new Map<string, AedesPublishPacket>();
  const rooms = new Map<string, Room>();
  const usedBy = new Map<string, Used>();
  const total: Used = { messages: 0, bytes: 0 };

  const count = ({ client, bytes }: Room, sign: 1 | -1): void => {
    const used = usedBy.get(client) ?? { messages: 0, bytes: 0 };
    for (const one of [used, total]) {
      one.messages += sign;
      one.bytes += sign * bytes;
    }
    if (used.messages > 0) usedBy.set(client, used);
    else usedBy.delete(client);
  };
  const free = (topic: string): void => {
    const room = rooms.get(topic);
    if (room === undefined) return;
    rooms.delete(topic);
    count(room, -1);
  };
  const take = (topic: string, room: Room): void => {
    free(topic);
    rooms.set(topic, room);
    count(room, 1);
  };
  const fits = (used: Used, part: number): boolean =>
    used.messages <= Math.max(1, messages * part) && used.bytes <= maxBytes * part;

  /** What there is for each filter; other work gets its turn in between. */
  async function* matching(filters: readonly string[]): AsyncGenerator<AedesPublishPacket, void> {
    let tests = 0;
    for (const filter of filters) {
      if (!/[+#]/.test(filter)) {
        const exact = packets.get(filter);
        if (exact !== undefined) yield exact;
        continue;
      }
      const levels = filter.split('/');
      for (const [topic, packet] of packets) {
        tests += 1;
        if (tests % TESTS_A_TURN === 0) await nextTurn();
        if (isMatch(levels, topic)) yield packet;
      }
    }
  }

  return {
    admit: (client, topic, bytes) => {
      if (bytes === 0) return true;
      const before = rooms.get(topic);
      take(topic, { client, bytes: bytes + topic.length });
      if (fits(total, 1) && fits(usedBy.get(client) ?? total, SHARE)) return true;
      free(topic);
      if (before !== undefined) take(topic, before);
      return false;
    },
    count: () => packets.size,
    storeRetained: (packet) => {
      if (packet.payload.length > 0) packets.set(packet.topic, { ...packet });
      else {
        packets.delete(packet.topic);
        free(packet.topic);
      }
      return Promise.resolve();
    },
    createRetainedStreamCombi: (filters) => Readable.from(matching(filters)),
  };
};
