import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../timing/with-timeout.ts';
import type { BrokerAddress } from './broker-address.ts';
import { type Connection, openConnection } from './mqtt-connection.ts';
import type { Published, Transport } from './transport.ts';

/** What happens to the connection, for people to know; `dropped`: lost, and others before it, without anything acknowledged. */
export type MqttConnectionEvent =
  | Readonly<{ kind: 'connected' | 'lost' | 'dropped' | 'back' }>
  | Readonly<{ kind: 'failed'; message: string }>;

export type MqttTransportOptions = BrokerAddress &
  Readonly<{
    clientId: string;
    /** Pauses between attempts to connect, ms; the last one repeats. */
    retryMs?: readonly number[];
    onConnection?: (event: MqttConnectionEvent) => void;
  }>;

const RETRY_MS = [0, 200, 500, 1000, 2000, 5000];
const DROPPED_AT = 3;
const LOST: Published = { ok: false, reason: 'offline', message: 'the connection to the broker was lost' };
const OFFLINE: Published = { ok: false, reason: 'offline', message: 'there is no connection to the broker' };

/** Connects to a broker, now and whenever the connection is lost, and publishes with QoS 1. A broker that is away is no error. */
export const createMqttTransport = (options: MqttTransportOptions): Transport => {
  const { clientId, retryMs = RETRY_MS, onConnection = () => {} } = options;
  const closing = new AbortController();
  const pending = new Set<(published: Published) => void>();
  let connection: Connection | null = null;
  let connected = Promise.withResolvers<void>();
  /** Attempts since anything was acknowledged: a broker that drops us at every message is not to be hammered. */
  let attempts = 0;
  let wasConnected = false;

  async function connectOnce(): Promise<Connection | null> {
    const pauseMs = retryMs[Math.min(attempts, retryMs.length - 1)] ?? 1000;
    attempts += 1;
    await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
    if (closing.signal.aborted) return null;
    const opened = await openConnection(options, clientId, closing.signal);
    if (opened.ok) return opened.connection;
    if (!closing.signal.aborted) onConnection({ kind: 'failed', message: opened.error.message });
    return null;
  }

  async function keepConnected(): Promise<void> {
    while (!closing.signal.aborted) {
      const next = await connectOnce();
      if (next === null) continue;
      if (closing.signal.aborted) return next.close();
      connection = next;
      onConnection({ kind: wasConnected ? 'back' : 'connected' });
      wasConnected = true;
      connected.resolve();
      await next.ended;
      connection = null;
      connected = Promise.withResolvers();
      for (const settle of [...pending]) settle(LOST);
      if (!closing.signal.aborted) onConnection({ kind: attempts < DROPPED_AT ? 'lost' : 'dropped' });
    }
  }
  const keeping = keepConnected();

  return {
    async ready(signal) {
      while (connection === null && !signal.aborted) await untilAborted(connected.promise, signal);
    },
    publish(topic, payload) {
      const to = connection;
      if (to === null) return Promise.resolve(OFFLINE);
      return new Promise((resolve) => {
        const settle = (published: Published) => {
          pending.delete(settle);
          resolve(published);
        };
        pending.add(settle);
        to.publish(topic, payload, () => {
          attempts = 0;
          settle({ ok: true });
        });
      });
    },
    reset: () => void connection?.close(),
    async close() {
      closing.abort();
      await connection?.close();
      await keeping;
    },
  };
};
