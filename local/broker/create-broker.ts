import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Aedes, Client } from 'aedes';
import { printable } from '../../domain/printable.ts';
import { type Identity, LOCAL, nameOfIdentity } from '../access/access-rules.ts';
import { type Authenticator, createAuthenticator, type Verdict } from '../access/authenticator.ts';
import { type Bounds, createConnectionCount, DEFAULT_BOUNDS, limitedLog } from './bounds.ts';
import { guardInbound, type InboundGuard, type Turns } from './inbound-guard.ts';
import { type DoorEvents, listen, type Peer } from './listen.ts';
import { startMqttEngine } from './mqtt-engine.ts';
import { doorsOf, type Outside } from './outside.ts';
import { enforcePacketRules } from './packet-rules.ts';
import { createPublishGate, type LineTopics, type Receive, type ShadowTopics } from './publish-gate.ts';
import { createRetainedMessages } from './retained-messages.ts';

export type BrokerOptions = Readonly<{
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** How devices on other machines connect; none do without it. */
  outside?: Outside | undefined;
  /** The port of MQTT over WebSocket, on the same terms. */
  webSocketPort?: number | undefined;
  receive: Receive;
  /** Filters of topics beside the inference topic whose messages `receive` takes. */
  topics?: readonly string[] | undefined;
  shadow?: ShadowTopics;
  /** Answers who asks for the line; the sender's message is acknowledged then. */
  line?: LineTopics;
  bounds?: Partial<Bounds>;
  log: (line: string) => void;
}>;

export type Broker = Readonly<{
  port: number;
  /** Where else it listens, if it does. */
  outsidePort: number | null;
  webSocketPort: number | null;
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

type Connection = Readonly<{ stream: Duplex; guard: InboundGuard; peer: Peer }>;

const MAX_PACKET_BYTES = 8 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 1_000;
/** Before it is known who a client is. */
const NOBODY: Identity = { kind: 'user', name: '', role: 'viewer' };
const NO_USERS: Pick<Authenticator, 'isCurrent' | 'close'> = {
  isCurrent: () => true,
  close: () => undefined,
};

/** A client id or a user name may have 65,535 characters, and a line of the log is read by people. */
const MAX_LINE = 600;

/**
 * An MQTT 3.1.1 broker that acknowledges a message under the inference topic to its sender only when `receive` has
 * stored it, and forwards it after that. Rejects when an address cannot be had.
 */
export const createBroker = async (options: BrokerOptions): Promise<Broker> => {
  const { outside, receive, topics, shadow, line } = options;
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  const nowMs = (): number => performance.now();
  // The only way to a log: what clients call themselves is made harmless here.
  const write = (text: string): void =>
    options.log(printable(text.length > MAX_LINE ? `${text.slice(0, MAX_LINE - 1)}…` : text));
  const log = limitedLog(write, nowMs);
  const connections = new Map<Client, Connection>();
  const identities = new WeakMap<Client, Identity>();
  const identityOf = (client: Client): Identity => identities.get(client) ?? NOBODY;
  const nameOf = (client: Client): string => client.id ?? connections.get(client)?.peer.address ?? 'a client';

  const dropFormer = (): void => {
    for (const [client, { stream }] of connections) {
      const identity = identities.get(client);
      if (identity === undefined || users.isCurrent(identity)) continue;
      write(`MQTT: disconnected ${nameOf(client)}: ${nameOfIdentity(identity)} is no user any more`);
      stream.destroy();
    }
  };
  const authenticator =
    outside === undefined
      ? null
      : createAuthenticator({ path: outside.usersFile, onChange: dropFormer, log: write });
  const users = authenticator ?? NO_USERS;
  const authenticate = async (client: Client, username?: string, password?: Buffer): Promise<Verdict> => {
    const peer = connections.get(client)?.peer;
    const verdict: Verdict =
      peer === undefined || authenticator === null || peer.isLocal
        ? { ok: true, identity: LOCAL }
        : await authenticator.check({
            username,
            password,
            certificate: peer.certificate,
            address: peer.host,
          });
    if (verdict.ok) {
      identities.set(client, verdict.identity);
      return verdict;
    }
    // Which device it is, where it has no client id that says so.
    const from = `${username ? ` as '${username}'` : ''} from ${peer?.host}`;
    return { ...verdict, reason: `${verdict.reason},${from}` };
  };

  const retained = createRetainedMessages(bounds.retained);
  const gate = createPublishGate({ receive, topics, shadow, line, identityOf, retained, bounds, nowMs });
  const engine = await startMqttEngine({
    authorizePublish: gate.authorize,
    authenticate,
    identityOf,
    retained,
    bounds,
    nowMs,
    nameOf,
    log,
  });
  engine.on('connackSent', (_, client) => connections.get(client)?.guard.open());

  const count = createConnectionCount(bounds.connections);
  const turns: Turns = { waiting: 0 };
  const events: DoorEvents = {
    admit: (socket, isLocal) => {
      const isAdmitted = count.admit(socket, isLocal);
      if (!isAdmitted)
        log(
          'connections',
          socket.remoteAddress ?? '',
          `MQTT: refused ${socket.remoteAddress}: it or all have as many connections as there may be, ${count.max} in all`,
        );
      return isAdmitted;
    },
    onStream: (stream, peer) => {
      const guard = guardInbound(stream, MAX_PACKET_BYTES, turns);
      const client = engine.handle(stream);
      enforcePacketRules(client);
      connections.set(client, { stream, guard, peer });
      stream.once('close', () => connections.delete(client));
    },
    onProblem: (address, message) =>
      log(`handshake ${message}`, address, `MQTT: disconnected ${address}: ${message}`),
  };
  const servers: Server[] = [];
  let [ownPort, outsidePort, webSocketPort]: (number | null)[] = [null, null, null];
  try {
    for (const door of doorsOf(options)) {
      const { server, port } = await listen(door, events);
      server.on('error', (error) =>
        log('accept', '', `MQTT: a connection could not be accepted: ${error.message}`),
      );
      servers.push(server);
      if (door.isWebSocket) webSocketPort = port;
      else if (door.local !== 'all') outsidePort = port;
      if (!door.isWebSocket) ownPort ??= port;
    }
  } catch (error) {
    for (const server of servers) server.close();
    users.close();
    await closeEngine(engine);
    throw error;
  }

  const shutDown = async (): Promise<void> => {
    users.close();
    const ended = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const { guard } of connections.values()) guard.stop();
    await gate.idle(CLOSE_TIMEOUT_MS);
    // Acknowledgements reach the sockets at the end of the turn in which their messages were stored.
    await nextTurn();
    await closeEngine(engine);
    for (const { stream } of connections.values()) stream.destroy();
    await Promise.all(ended);
  };
  let closing: Promise<void> | null = null;

  return {
    port: ownPort ?? options.port,
    outsidePort: outsidePort ?? null,
    webSocketPort: webSocketPort ?? null,
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
