import type { Aedes, Client } from 'aedes';
import { isReserved } from '../access/access-rules.ts';

/** A client, and where it tried to publish. */
export type Dropped = Readonly<{ client: Client; topic: string }>;

type Publish = (packet: Readonly<{ topic: string }>, ...rest: readonly unknown[]) => unknown;

const isClient = (value: unknown): value is Client =>
  typeof value === 'object' && value !== null && 'conn' in value;

/**
 * Lets nobody but the program itself publish notices and answers, by will or otherwise. What a client publishes there is
 * acknowledged and passed on to nobody: MQTT 3.1.1 knows no refusal but the end of the connection (MQTT-3.3.5-2), and
 * whoever is cut off for it would send the same again, for ever.
 */
export const dropReserved = (engine: Aedes, onDropped: (dropped: Dropped) => void): void => {
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
