import { Readable } from 'node:stream';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { type Identity, isReserved, maySubscribe, nameOfIdentity } from '../access/access-rules.ts';
import type { Verdict } from '../access/authenticator.ts';
import { type Allowance, type Bounds, createAllowance, type LimitedLog } from './bounds.ts';
import { boundSessions, createClientSessions, type SessionStore } from './client-sessions.ts';
import type { RetainedMessages, RetainedStore } from './retained-messages.ts';

/** A client, and where it tried to publish. */
type Dropped = Readonly<{ client: Client; topic: string }>;

type Publish = (packet: Readonly<{ topic: string }>, ...rest: readonly unknown[]) => unknown;

const isClient = (value: unknown): value is Client =>
  typeof value === 'object' && value !== null && 'conn' in value;

/**
 * Lets nobody but the program itself publish notices and answers, by will or otherwise. What a client publishes there is
 * acknowledged and passed on to nobody: MQTT 3.1.1 knows no refusal but the end of the connection (MQTT-3.3.5-2), and
 * whoever is cut off for it would send the same again, for ever.
 */
const dropReserved = (engine: Aedes, onDropped: (dropped: Dropped) => void): void => {
  // aedes calls it with the client between packet and callback where a client published, which its types do not say.
  const original = engine.publish;
  const publish: Publish = (...given) => Reflect.apply(original, engine, given);
  const guarded: Publish = (packet, ...rest) => {
    const [client, done] = rest;
    if (!isReserved(packet.topic) || !isClient(client)) return publish(packet, ...rest);
    onDropped({ client, topic: packet.topic });
    return typeof done === 'function' ? done() : undefined;
  };
  Object.assign(engine, { publish: guarded });
};

type Engine = Readonly<{
  authorizePublish: NonNullable<AedesOptions['authorizePublish']>;
  /** Finds out who a client is that gives a name and a password, or neither. */
  authenticate: (client: Client, username?: string, password?: Buffer) => Promise<Verdict>;
  identityOf: (client: Client) => Identity;
  retained: RetainedMessages;
  bounds: Bounds;
  nowMs: () => number;
  /** Names a client for the log. */
  nameOf: (client: Client) => string;
  log: LimitedLog;
}>;

/** Messages for each persistent session, and bytes for all of them, that wait in memory for clients that are away. */
const MAX_WAITING = { messages: 10_000, bytes: 64 * 1024 * 1024 } as const;
/** Retained messages that a client may be sent again as it subscribes over and over. */
const RETAINED_AGAIN = { burst: 100_000, perSecond: 20_000 } as const;

type Store = SessionStore &
  RetainedStore & {
    cleanSubscriptions(client: Readonly<{ id: string }>): Promise<void>;
    outgoingStream(
      client: Readonly<{ id: string }>,
    ): AsyncIterable<Parameters<SessionStore['outgoingClearMessageId']>[1]>;
  };

/** aedes shows its session store to plug-ins, but not in its types. */
class AedesWithStore extends Aedes {
  declare readonly persistence: Store;
}

type Outgoing = Parameters<SessionStore['outgoingClearMessageId']>[1];

/** What waits for a client; what it was sent before is a repetition (MQTT-3.3.1-1). */
async function* asRepetitions(waiting: AsyncIterable<Outgoing>): AsyncGenerator<Outgoing, void> {
  for await (const packet of waiting) {
    const isSentBefore = packet.cmd === 'publish' && (packet.messageId ?? 0) > 0;
    yield isSentBefore ? { ...packet, dup: true } : packet;
  }
}

/** Why a client is not let in, and what CONNACK says of it (MQTT 3.1.1, table 3.1). */
type Refusal = Readonly<{ returnCode: 2 | 3 | 4 | 5; reason: string }>;

/** Aedes, set up so that one client cannot hold up or harm another. It speaks MQTT 3.1 and 3.1.1. */
export const startMqttEngine = async (parts: Engine): Promise<Aedes> => {
  const { authorizePublish, authenticate, identityOf, retained, bounds, nowMs, nameOf, log } = parts;
  const sessions = createClientSessions(bounds, nowMs, (id) => {
    void forget(id);
    log('forgotten', id, `MQTT: the session of '${id}', which was away longest, made room for another`);
  });
  const forget = async (id: string): Promise<void> => {
    await engine.persistence.cleanSubscriptions({ id });
    for await (const packet of engine.persistence.outgoingStream({ id }))
      await engine.persistence.outgoingClearMessageId({ id }, packet);
  };
  const letIn = async (client: Client, username?: string, password?: Buffer): Promise<Refusal | null> => {
    if (nameless.has(client))
      return { returnCode: 2, reason: 'it wants its session kept and gives no client id (MQTT-3.1.3-8)' };
    const verdict = await authenticate(client, username, password);
    if (!verdict.ok) return verdict;
    const owner = nameOfIdentity(verdict.identity);
    const reason = sessions.open({ id: client.id, owner, connection: client, isLasting: !client.clean });
    return reason === null ? null : { returnCode: 2, reason };
  };
  /** Those who want a session kept without a name by which it could be found again. */
  const nameless = new WeakSet<Client>();
  const replays = new WeakMap<Client, Allowance>();
  const mayReplay = (client: Client, filter: string): boolean => {
    const allowance = replays.get(client) ?? createAllowance(RETAINED_AGAIN);
    replays.set(client, allowance);
    return allowance.take(/[+#]/.test(filter) ? 1 + retained.count() : 1, nowMs());
  };

  const engine = new AedesWithStore({
    authorizePublish,
    authenticate: (client, username, password, done) => {
      const end = (refusal: Refusal | null): void => {
        if (refusal === null) {
          done(null, true);
          return;
        }
        const { returnCode, reason } = refusal;
        log('not let in', `${nameOf(client)} ${reason}`, `MQTT: did not let in ${nameOf(client)}: ${reason}`);
        done(Object.assign(new Error(reason), { returnCode }), false);
      };
      letIn(client, username, password).then(end, (error: unknown) =>
        end({ returnCode: 3, reason: error instanceof Error ? error.message : String(error) }),
      );
    },
    authorizeSubscribe: (client, subscription, done) => {
      const { topic } = subscription;
      const why = !maySubscribe(identityOf(client))
        ? 'it has nothing to read'
        : topic.startsWith('$share/')
          ? 'shared subscriptions are of MQTT 5, and this broker speaks 3.1.1'
          : !sessions.subscribe(client.id, topic)
            ? 'it has as many subscriptions as it may have'
            : !mayReplay(client, topic)
              ? 'it was sent retained messages again and again'
              : null;
      if (why !== null)
        log(
          'subscription',
          `${client.id} ${why}`,
          `MQTT: ${nameOf(client)} may not subscribe to ${topic}: ${why}`,
        );
      done(null, why === null ? subscription : null);
    },
    authorizeForward: (client, packet) => {
      if (client.conn.writableLength > bounds.unreadBytes) client.conn.destroy(new Error('drain timeout'));
      return packet;
    },
    // No bound over all clients: with one, a single subscriber that stops reading holds up every message.
    concurrency: 0,
    drainTimeout: 5_000,
    connectTimeout: 10_000,
    // Every message of one read may be a QoS 2 message that waits for the same commit.
    maxInflightInbound: 65_535,
    preConnect: (client, packet, done) => {
      if (packet.clientId === '' && !packet.clean) nameless.add(client);
      if (packet.protocolVersion === 5) {
        log(
          'version',
          packet.clientId,
          `MQTT: refused ${nameOf(client)} (client id '${packet.clientId}'): it speaks MQTT 5 and this broker 3.1.1; ` +
            'set its protocol version to 3.1.1 (4)',
        );
      }
      done(null, true);
    },
  });
  await engine.listen();
  const { storeRetained, createRetainedStreamCombi } = retained;
  const outgoing = engine.persistence.outgoingStream.bind(engine.persistence);
  Object.assign(engine.persistence, {
    storeRetained,
    createRetainedStreamCombi,
    outgoingStream: (client: Readonly<{ id: string }>) => Readable.from(asRepetitions(outgoing(client))),
  });
  boundSessions(engine.persistence, MAX_WAITING, (clientId) =>
    log(
      'full',
      clientId,
      `MQTT: client '${clientId}' is away or does not acknowledge, and its queue is full: it misses messages`,
    ),
  );
  dropReserved(engine, ({ client, topic }) =>
    log(
      'reserved',
      client.id,
      `MQTT: ${nameOf(client)} published on ${topic}, where only the pipeline does: it was passed on to nobody`,
    ),
  );
  // aedes numbers its messages and takes for a repetition what was overtaken inside it (a retained message by one that
  // is not, QoS 2 by QoS 0), so subscribers would miss it: https://github.com/moscajs/aedes/issues/994
  const remembersNothing = Object.create(null, { [engine.id]: { get: () => 0, set: () => {} } });
  engine.on('client', (client) => Object.assign(client, { duplicates: remembersNothing }));
  engine.on('clientDisconnect', (client) => sessions.leave(client.id, client));
  engine.on('unsubscribe', (filters, client) => {
    for (const filter of filters) sessions.unsubscribe(client.id, client, filter);
  });

  const onLost = (client: Client, error: Error): void => {
    const line = client.closed ? null : describeLostConnection(nameOf(client), error);
    if (line !== null) log('lost', '', line);
  };
  engine.on('clientError', onLost);
  engine.on('connectionError', onLost);
  return engine;
};

/** Ends that come with ordinary clients: switched off, unplugged, killed. */
const ORDINARY_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  'keep alive timeout': 'nothing was heard of it for one and a half times its keep-alive',
  'drain timeout': 'it does not read what it subscribed to',
  'connect did not arrive in time': 'it sent no CONNECT',
};

/** A line for the log about a connection that an error ended; null where that is everyday, or logged already. */
const describeLostConnection = (who: string, error: Error & { code?: string }): string | null => {
  if (error.message === 'connection closed' || error.message === 'unacceptable protocol version') return null;
  if (error.code !== undefined && ORDINARY_CODES.has(error.code)) return null;
  return `MQTT: disconnected ${who}: ${PLAIN_WORDS[error.message] ?? error.message}`;
};
