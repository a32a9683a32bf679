import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { untilAborted } from '../timing/timing.ts';
import {
  type BrokerAddress,
  checkBrokerUrl,
  describeConnectionError,
  type Secured,
} from './broker-address.ts';
import type { Published, Transport } from './transport.ts';

/** One connection to a broker, from its acceptance to its end; it never comes back by itself. */
type Connection = Readonly<{
  /** Publishes with QoS 1; calls back once the broker has acknowledged it, or never. */
  publish(topic: string, payload: string, onAcknowledged: () => void): void;
  /** Resolves when the connection has ended, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}>;

type OpenedConnection =
  | Readonly<{ ok: true; connection: Connection }>
  | Readonly<{ ok: false; error: Readonly<{ message: string }> }>;

const CONNECT_TIMEOUT_MS = 5000;
const FAREWELL_MS = 300;

/** Connects by MQTT 3.1.1 with a clean session; a broker that is not there or refuses is an error in one line. */
export const openConnection = async (
  address: BrokerAddress,
  clientId: string,
  signal?: AbortSignal,
): Promise<OpenedConnection> => {
  const checked = checkBrokerUrl(address.url);
  if (!checked.ok) return { ok: false, error: { message: checked.message } };
  const { shown } = checked;
  let secured: Secured | undefined;
  try {
    secured = await securedBefore(address, signal);
    if (signal?.aborted) return { ok: false, error: { message: 'given up' } };
  } catch (error) {
    return { ok: false, error: { message: error instanceof Error ? error.message : String(error) } };
  }
  const options: IClientOptions = {
    clientId,
    protocolVersion: 4,
    clean: true,
    keepalive: 20,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // The publisher reconnects and repeats itself: mqtt.js drops messages when a connection ends while it repeats.
    reconnectPeriod: 0,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...secured?.tls,
    // Of these, mqtt.js hands a WebSocket some only.
    ...(secured === undefined ? {} : { wsOptions: secured.tls }),
  };
  const client = connect(secured?.url ?? address.url, options);
  const securedAs = secured === undefined ? undefined : clientId;
  return new Promise((resolve) => {
    let lastError: unknown = new Error('it closed the connection at once');
    const giveUp = () => client.stream.destroy();
    signal?.addEventListener('abort', giveUp, { once: true });
    const fail = () => {
      signal?.removeEventListener('abort', giveUp);
      client.end(true);
      resolve({
        ok: false,
        error: { message: describeConnectionError({ shown, error: lastError, securedAs }) },
      });
    };
    const keep = (error: unknown) => {
      lastError = error;
    };
    client.on('error', keep);
    // Errors without a code, such as the answer to a refused WebSocket, mqtt.js keeps to itself.
    client.stream.on('error', keep);
    client.once('close', fail);
    client.once('connect', () => {
      client.off('close', fail);
      signal?.removeEventListener('abort', giveUp);
      resolve({ ok: true, connection: wrap(client) });
    });
  });
};

/** Keys may have to be asked for at a service that does not answer: the signal ends that too. */
const securedBefore = async (
  { secure }: BrokerAddress,
  signal?: AbortSignal,
): Promise<Secured | undefined> =>
  secure === undefined || signal === undefined ? secure?.() : untilAborted(secure(), signal);

const wrap = (client: MqttClient): Connection => {
  // After bytes that are no MQTT, mqtt.js would go on as if nothing had happened.
  client.on('error', () => client.stream.destroy());
  const ended = new Promise<void>((resolve) => {
    client.once('close', () => {
      client.end(true);
      resolve();
    });
  });
  return {
    publish(topic, payload, onAcknowledged) {
      client.publish(topic, payload, { qos: 1 }, (error) => {
        if (!error) onAcknowledged();
      });
    },
    ended,
    async close() {
      client.end(Object.keys(client.outgoing ?? {}).length > 0);
      // A broker that is frozen would not answer the farewell.
      const timer = setTimeout(() => client.stream.destroy(), FAREWELL_MS);
      await ended;
      clearTimeout(timer);
    },
  };
};

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
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
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
