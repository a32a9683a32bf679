import { Aedes, type AedesOptions, type Client } from 'aedes';
import { boundSessions, type SessionStore } from './bounded-sessions.ts';
import { dropForeignNotices } from './drop-foreign-notices.ts';

type Engine = Readonly<{
  authorizePublish: NonNullable<AedesOptions['authorizePublish']>;
  /** Names a client for the log. */
  nameOf: (client: Client) => string;
  log: (line: string) => void;
}>;

/** Messages for each persistent session, and bytes for all of them, that wait in memory for clients that are away. */
const MAX_WAITING = { messages: 10_000, bytes: 64 * 1024 * 1024 } as const;

/** aedes shows its session store to plug-ins, but not in its types. */
class AedesWithStore extends Aedes {
  declare readonly persistence: SessionStore;
}

/** Aedes, set up so that one client cannot hold up or harm another. It speaks MQTT 3.1 and 3.1.1. */
export const startMqttEngine = async ({ authorizePublish, nameOf, log }: Engine): Promise<Aedes> => {
  const say = createOnce(log);
  const engine = new AedesWithStore({
    authorizePublish,
    // No bound over all clients: with one, a single subscriber that stops reading holds up every message.
    concurrency: 0,
    drainTimeout: 5_000,
    connectTimeout: 10_000,
    // Every message of one read may be a QoS 2 message that waits for the same commit.
    maxInflightInbound: 65_535,
    preConnect: (client, packet, done) => {
      if (packet.protocolVersion === 5) {
        say(
          packet.clientId,
          `MQTT: refused ${nameOf(client)} (client id '${packet.clientId}'): it speaks MQTT 5 and this broker 3.1.1; ` +
            'set its protocol version to 3.1.1 (4)',
        );
      }
      done(null, true);
    },
  });
  await engine.listen();
  boundSessions(engine.persistence, MAX_WAITING, (clientId) =>
    say(
      `full ${clientId}`,
      `MQTT: client '${clientId}' is away or does not acknowledge, and its queue is full: it misses messages`,
    ),
  );
  dropForeignNotices(engine, ({ client, topic }) =>
    say(
      `notices ${client.id}`,
      `MQTT: ${nameOf(client)} published on ${topic}, where only the pipeline does: it was passed on to nobody`,
    ),
  );
  // aedes numbers its messages and takes for a repetition what was overtaken inside it (a retained message by one that
  // is not, QoS 2 by QoS 0), so subscribers would miss it: https://github.com/moscajs/aedes/issues/994
  const remembersNothing = Object.create(null, { [engine.id]: { get: () => 0, set: () => {} } });
  engine.on('client', (client) => Object.assign(client, { duplicates: remembersNothing }));

  const onLost = (client: Client, error: Error): void => {
    const line = client.closed ? null : describeLostConnection(nameOf(client), error);
    if (line !== null) log(line);
  };
  engine.on('clientError', onLost);
  engine.on('connectionError', onLost);
  return engine;
};

const MAX_LOGGED = 1_000;

/** Logs a line once for each key: clients reconnect every second, for ever. */
const createOnce = (log: (line: string) => void): ((key: string, line: string) => void) => {
  const logged = new Set<string>();
  return (key, line) => {
    if (logged.has(key) || logged.size >= MAX_LOGGED) return;
    logged.add(key);
    log(line);
  };
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
