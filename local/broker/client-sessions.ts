import type { AedesPublishPacket } from 'aedes';
import type { Bounds } from './bounds.ts';

type Session = {
  /** Who it belongs to, by name. */
  readonly owner: string;
  readonly filters: Set<string>;
  /** The connection that has it now; null while its client is away. */
  connection: object | null;
  awaySinceMs: number;
  isLasting: boolean;
};

/** Who asks for a session: `connection` stands for the client that is there now. */
export type SessionRequest = Readonly<{ id: string; owner: string; connection: object; isLasting: boolean }>;

export type ClientSessions = Readonly<{
  /** Null where the session may be had; else why not. */
  open(request: SessionRequest): string | null;
  /** Whether a client may subscribe to a filter; counts it if so. */
  subscribe(id: string, filter: string): boolean;
  unsubscribe(id: string, connection: object, filter: string): void;
  /** The client has gone, and its session with it unless it lasts. */
  leave(id: string, connection: object): void;
}>;

/** A session whose client has been away for this long makes room where there is none. */
const FORGOTTEN_MS = 3_600_000;

/**
 * Keeps count of sessions and of what they subscribed to. A session is its owner's: nobody else takes it over by its
 * client id, with what waits in it. `onForgotten` is told which one made room for another.
 */
export const createClientSessions = (
  bounds: Pick<Bounds, 'sessions' | 'subscriptions'>,
  nowMs: () => number,
  onForgotten: (id: string) => void,
): ClientSessions => {
  const sessions = new Map<string, Session>();
  let lasting = 0;
  let filters = 0;

  const remove = (id: string, session: Session): void => {
    sessions.delete(id);
    filters -= session.filters.size;
    if (session.isLasting) lasting -= 1;
  };
  const forgetOldest = (): boolean => {
    const away = [...sessions].filter(([, { connection, isLasting }]) => isLasting && connection === null);
    const [oldest] = away.sort(([, a], [, b]) => a.awaySinceMs - b.awaySinceMs);
    if (oldest === undefined || nowMs() - oldest[1].awaySinceMs < FORGOTTEN_MS) return false;
    remove(...oldest);
    onForgotten(oldest[0]);
    return true;
  };

  return {
    open: ({ id, owner, connection, isLasting }) => {
      const before = sessions.get(id);
      if (before !== undefined && before.owner !== owner) return 'its client id is in use by another user';
      const isMore = isLasting && before?.isLasting !== true;
      if (isMore && lasting >= bounds.sessions && !forgetOldest())
        return `${bounds.sessions} sessions are kept already: connect with a clean session`;
      if (before !== undefined) remove(id, before);
      const kept = isLasting && before?.isLasting === true ? before.filters : new Set<string>();
      sessions.set(id, { owner, connection, filters: kept, awaySinceMs: 0, isLasting });
      filters += kept.size;
      if (isLasting) lasting += 1;
      return null;
    },
    subscribe: (id, filter) => {
      const session = sessions.get(id);
      if (session === undefined || session.filters.has(filter)) return session !== undefined;
      const { ofClient, all } = bounds.subscriptions;
      if (session.filters.size >= ofClient || filters >= all) return false;
      session.filters.add(filter);
      filters += 1;
      return true;
    },
    unsubscribe: (id, connection, filter) => {
      const session = sessions.get(id);
      if (session?.connection === connection && session.filters.delete(filter)) filters -= 1;
    },
    leave: (id, connection) => {
      const session = sessions.get(id);
      if (session === undefined || session.connection !== connection) return;
      if (!session.isLasting) return remove(id, session);
      session.connection = null;
      session.awaySinceMs = nowMs();
    },
  };
};

type AwaySession = Readonly<{ clientId: string }>;
type Waiting = { messages: number; bytes: number };
type Limits = Readonly<{ messages: number; bytes: number }>;

/** The part of the broker's session store through which messages wait for clients that are away. */
export type SessionStore = {
  outgoingEnqueueCombi(sessions: readonly AwaySession[], packet: AedesPublishPacket): Promise<void>;
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

  const hasRoom = ({ clientId }: AwaySession, bytes: number): boolean => {
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
