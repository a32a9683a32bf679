import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Aedes, Client } from 'aedes';
import { guardInbound, type InboundGuard } from './inbound-guard.ts';
import { listen } from './listen.ts';
import { startMqttEngine } from './mqtt-engine.ts';
import { createPublishGate, type LineTopics, type Receive, type ShadowTopics } from './publish-gate.ts';

export type BrokerOptions = Readonly<{
  host: string;
  /** 0 takes any free port. */
  port: number;
  receive: Receive;
  shadow?: ShadowTopics;
  /** Answers who asks for the line; the sender's message is acknowledged then. */
  line?: LineTopics;
  log: (line: string) => void;
}>;

export type Broker = Readonly<{
  port: number;
  /** Sends a message to all who subscribed, QoS 1; it does not pass through `receive`. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: Readonly<{ retain?: boolean }>,
  ): Promise<void>;
  /** How many clients are connected. */
  clients(): number;
  /** Takes nothing more, lets what is being stored be acknowledged (for at most a second), and ends. */
  close(): Promise<void>;
}>;

const MAX_PACKET_BYTES = 8 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * An MQTT 3.1.1 broker that acknowledges a message under the inference topic to its sender only when `receive` has
 * stored it, and forwards it after that. Rejects when the address cannot be had.
 */
export const createBroker = async ({
  host,
  port,
  receive,
  shadow,
  line,
  log,
}: BrokerOptions): Promise<Broker> => {
  const gate = createPublishGate({ receive, shadow, line });
  const connections = new Map<Client, Readonly<{ socket: Socket; guard: InboundGuard; address: string }>>();
  const engine = await startMqttEngine({
    authorizePublish: gate.authorize,
    nameOf: (client) => client.id ?? connections.get(client)?.address ?? 'a client',
    log,
  });
  engine.on('connackSent', (_, client) => connections.get(client)?.guard.open());

  const accept = (socket: Socket): void => {
    const address = `${socket.remoteAddress}:${socket.remotePort}`;
    const guard = guardInbound(socket, MAX_PACKET_BYTES);
    const client = engine.handle(socket);
    connections.set(client, { socket, guard, address });
    socket.once('close', () => connections.delete(client));
  };
  const { server, port: boundPort } = await listen({ host, port }, accept).catch(async (error: unknown) => {
    await closeEngine(engine);
    throw error;
  });
  server.on('error', (error) => log(`MQTT: a connection could not be accepted: ${error.message}`));

  const shutDown = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.close(resolve));
    for (const { guard } of connections.values()) guard.stop();
    await gate.idle(CLOSE_TIMEOUT_MS);
    // Acknowledgements reach the sockets at the end of the turn in which their messages were stored.
    await nextTurn();
    await closeEngine(engine);
    for (const { socket } of connections.values()) socket.destroy();
    await ended;
  };
  let closing: Promise<void> | null = null;

  return {
    port: boundPort,
    publish: (topic, payload, { retain = false } = {}) =>
      new Promise((resolve, reject) => {
        engine.publish(
          { cmd: 'publish', topic, payload: toBuffer(payload), qos: 1, retain, dup: false },
          (error) => (error ? reject(error) : resolve()),
        );
      }),
    clients: () => engine.connectedClients,
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
};

const closeEngine = (engine: Aedes): Promise<void> => new Promise((resolve) => engine.close(resolve));

const toBuffer = (payload: string | Uint8Array): Buffer =>
  typeof payload === 'string'
    ? Buffer.from(payload)
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
