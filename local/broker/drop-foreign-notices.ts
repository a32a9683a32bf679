import type { Aedes, Client } from 'aedes';

/** Where notices are published, for whoever subscribes: `sentinel/notices/<site>/<cylinder>`. */
export const NOTICE_TOPIC = 'sentinel/notices';

const isNoticeTopic = (topic: string): boolean =>
  topic === NOTICE_TOPIC || topic.startsWith(`${NOTICE_TOPIC}/`);

/** A client, and where it tried to publish. */
export type ForeignNotice = Readonly<{ client: Client; topic: string }>;

type Publish = (packet: Readonly<{ topic: string }>, ...rest: readonly unknown[]) => unknown;

const isClient = (value: unknown): value is Client =>
  typeof value === 'object' && value !== null && 'conn' in value;

/**
 * Lets nobody but the program itself publish notices, by will or otherwise. What a client publishes there is
 * acknowledged and passed on to nobody: MQTT 3.1.1 knows no refusal but the end of the connection (MQTT-3.3.5-2), and
 * whoever is cut off for it would send the same again, for ever.
 */
export const dropForeignNotices = (engine: Aedes, onDropped: (dropped: ForeignNotice) => void): void => {
  // aedes calls it with the client between packet and callback where a client published, which its types do not say.
  const original = engine.publish;
  const publish: Publish = (...given) => Reflect.apply(original, engine, given);
  const guarded: Publish = (packet, ...rest) => {
    const [client, done] = rest;
    if (!isNoticeTopic(packet.topic) || !isClient(client)) return publish(packet, ...rest);
    onDropped({ client, topic: packet.topic });
    return typeof done === 'function' ? done() : undefined;
  };
  Object.assign(engine, { publish: guarded });
};
