import type { AedesPublishPacket } from 'aedes';

type Session = Readonly<{ clientId: string }>;
type Waiting = { messages: number; bytes: number };
type Limits = Readonly<{ messages: number; bytes: number }>;

/** The part of the broker's session store through which messages wait for clients that are away. */
export type SessionStore = {
  outgoingEnqueueCombi(sessions: readonly Session[], packet: AedesPublishPacket): Promise<void>;
  outgoingClearMessageId(
    client: Readonly<{ id: string }>,
    packet: AedesPublishPacket,
  ): Promise<Readonly<{ payload?: string | Buffer }> | undefined>;
};

/**
 * Bounds what waits in memory for persistent sessions: `messages` for each, `bytes` of payload for all together.
 * What comes beyond that is not kept for the session concerned, and `onFull` is called with its client.
 */
export const boundSessions = (
  store: SessionStore,
  limits: Limits,
  onFull: (clientId: string) => void,
): void => {
  const enqueue = store.outgoingEnqueueCombi.bind(store);
  const clear = store.outgoingClearMessageId.bind(store);
  const waitingFor = new Map<string, Waiting>();
  let totalBytes = 0;

  const hasRoom = ({ clientId }: Session, bytes: number): boolean => {
    const waiting = waitingFor.get(clientId) ?? { messages: 0, bytes: 0 };
    if (waiting.messages >= limits.messages || totalBytes + bytes > limits.bytes) {
      onFull(clientId);
      return false;
    }
    waiting.messages += 1;
    waiting.bytes += bytes;
    totalBytes += bytes;
    waitingFor.set(clientId, waiting);
    return true;
  };

  store.outgoingEnqueueCombi = (sessions, packet) => {
    const bytes = packet.payload.length;
    return enqueue(sessions.length === 0 ? sessions : sessions.filter((s) => hasRoom(s, bytes)), packet);
  };

  store.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet);
    const waiting = waitingFor.get(client.id);
    if (cleared === undefined || waiting === undefined) return cleared;
    waiting.messages -= 1;
    // What is left of a QoS 2 message at its end is a packet without payload: its bytes go with the last message.
    const bytes = waiting.messages === 0 ? waiting.bytes : (cleared.payload?.length ?? 0);
    waiting.bytes -= bytes;
    totalBytes -= bytes;
    if (waiting.messages === 0) waitingFor.delete(client.id);
    return cleared;
  };
};
