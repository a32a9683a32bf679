import { test } from 'node:test';
import { startBroker } from '../broker-fixture.ts';
import { connectPacket, packet, type RawClient, rawClient, subscribePacket, u16 } from './raw-client.ts';

export type Connect = (
  fields?: Parameters<typeof connectPacket>[0],
) => Promise<RawClient & { session: string }>;

export const ack = (
  client: RawClient,
  type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp',
  id = client.lastId(),
) => client.send(packet(type, type === 'pubrel' ? 2 : 0, u16(id)));

/** Subscribes and gives what was answered. */
export const subscribed = async (client: RawClient, ...filters: readonly (readonly [string, number])[]) => {
  client.send(subscribePacket(1, ...filters));
  return await client.next();
};

/** The next packets, in the order of the alphabet where the order in which they come is free. */
export const several = async (client: RawClient, count: number): Promise<readonly string[]> => {
  const came: string[] = [];
  while (came.length < count) came.push(await client.next());
  return came.toSorted();
};

/** Ends a connection without DISCONNECT, as a cut cable does once it is noticed. */
export const cut = (client: RawClient) => client.socket.resetAndDestroy();

/** A statement of MQTT 3.1.1 by its number, what it asks of a broker, and how that shows; `c` connects. */
export type Statement = readonly [number: string, asks: string, shows: (c: Connect) => Promise<void>];

/** Tests each statement against a broker of its own. */
export const testStatements = (statements: readonly Statement[]): void => {
  for (const [number, asks, shows] of statements)
    test(`[MQTT-${number}] ${asks}`, { timeout: 20_000 }, async (t) => {
      const { socket } = await startBroker(t);
      await shows(async (fields) => {
        const client = rawClient(await socket());
        client.send(connectPacket(fields));
        return { ...client, session: await client.next() };
      });
    });
};
