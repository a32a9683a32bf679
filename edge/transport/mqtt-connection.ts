import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { untilAborted } from '../timing/with-timeout.ts';
import {
  type BrokerAddress,
  checkBrokerUrl,
  describeConnectionError,
  type Secured,
} from './broker-address.ts';

/** One connection to a broker, from its acceptance to its end; it never comes back by itself. */
export type Connection = Readonly<{
  /** Publishes with QoS 1; calls back once the broker has acknowledged it, or never. */
  publish(topic: string, payload: string, onAcknowledged: () => void): void;
  /** Resolves when the connection has ended, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}>;

export type OpenedConnection =
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
