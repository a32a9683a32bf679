import { setTimeout as sleep } from 'node:timers/promises';
import type { EncodedMessage } from '../message/encode-message.ts';
import type { BrokerAddress } from '../transport/broker-address.ts';
import { type Connection, openConnection } from '../transport/mqtt-connection.ts';

/** Where a gateway's messages go. A queue on disk can stand before it and keep this shape. */
export type Publisher = Readonly<{
  /** Takes a message; waits while the most that may be unacknowledged are. Messages go out in the order they came. */
  send(message: EncodedMessage): Promise<void>;
  /** Resolves once everything taken was acknowledged. */
  flush(): Promise<void>;
  /** Samples acknowledged so far. */
  acknowledged(): number;
}>;

export type ConnectedPublisher = Publisher & Readonly<{ close(): Promise<void> }>;

export type CreatedPublisher =
  | Readonly<{ ok: true; publisher: ConnectedPublisher }>
  | Readonly<{ ok: false; error: Readonly<{ message: string }> }>;

/** What befalls the connection after the first time: told so that people can be. */
export type ConnectionEvent =
  | Readonly<{ kind: 'lost' }>
  | Readonly<{ kind: 'failed'; message: string }>
  | Readonly<{ kind: 'back'; repeated: number }>;

export type PublisherOptions = BrokerAddress &
  Readonly<{
    clientId: string;
    /** The most messages that may be unacknowledged; default 50. */
    inFlight?: number;
    /** Pauses between attempts to reconnect, ms; the last one repeats. */
    retryMs?: readonly number[];
    onConnection?: (event: ConnectionEvent) => void;
  }>;

const RETRY_MS = [200, 500, 1000, 2000, 5000];

/**
 * Connects to a broker and publishes with QoS 1. If there is no first connection that is an error; when a later one is
 * lost, it reconnects for ever and sends again, in order, what was not acknowledged: the receiver may see that twice.
 */
export const createPublisher = async (options: PublisherOptions): Promise<CreatedPublisher> => {
  const { clientId, inFlight = 50, retryMs = RETRY_MS, onConnection = () => {} } = options;
  const closing = new AbortController();
  const first = await openConnection(options, clientId, closing.signal);
  if (!first.ok) return first;

  const unacknowledged = new Set<EncodedMessage>();
  let connection: Connection | null = first.connection;
  let acknowledged = 0;
  /** Attempts to reconnect since anything was acknowledged: a broker that drops us at every message is not to be hammered. */
  let attempts = 0;
  let changed = Promise.withResolvers<void>();

  function transmit(to: Connection, message: EncodedMessage): void {
    to.publish(message.topic, message.payload, () => {
      if (!unacknowledged.delete(message)) return;
      acknowledged += message.samples;
      attempts = 0;
      announce();
    });
  }

  function announce(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }

  async function reconnect(): Promise<Connection | null> {
    while (true) {
      const pauseMs = retryMs[Math.min(attempts, retryMs.length - 1)] ?? 1000;
      attempts += 1;
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
      if (closing.signal.aborted) return null;
      const opened = await openConnection(options, clientId, closing.signal);
      if (opened.ok) return opened.connection;
      onConnection({ kind: 'failed', message: opened.error.message });
    }
  }

  async function keepConnected(): Promise<void> {
    while (connection !== null) {
      await connection.ended;
      connection = null;
      if (closing.signal.aborted) return;
      onConnection({ kind: 'lost' });
      const next = await reconnect();
      if (next === null) return;
      if (closing.signal.aborted) return next.close();
      connection = next;
      onConnection({ kind: 'back', repeated: unacknowledged.size });
      for (const message of unacknowledged) transmit(next, message);
    }
  }
  const keeping = keepConnected();

  return {
    ok: true,
    publisher: {
      async send(message) {
        while (unacknowledged.size >= inFlight && !closing.signal.aborted) await changed.promise;
        if (closing.signal.aborted)
          throw new Error('The publisher was closed while a message was to be sent.');
        unacknowledged.add(message);
        if (connection !== null) transmit(connection, message);
      },
      async flush() {
        while (unacknowledged.size > 0 && !closing.signal.aborted) await changed.promise;
      },
      acknowledged: () => acknowledged,
      async close() {
        closing.abort();
        announce();
        await connection?.close();
        await keeping;
      },
    },
  };
};
