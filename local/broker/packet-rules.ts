import { EventEmitter } from 'node:events';
import type { Client } from 'aedes';
import { type Fields, isFields } from '../../domain/fields.ts';

const NUMBERED: ReadonlySet<string> = new Set([
  'subscribe',
  'unsubscribe',
  'pubrel',
  'puback',
  'pubrec',
  'pubcomp',
]);

/** What a text has that none may have; what was no UTF-8 is U+FFFD by now, which nobody writes into a topic. */
const textFault = (text: string): string | null => {
  if (text.includes('\0')) return 'a text with U+0000 in it (MQTT-1.5.3-2)';
  return text.includes('\uFFFD') ? 'a text that is not UTF-8 (MQTT-1.5.3-1)' : null;
};

const connectFault = ({ will, username, password }: Fields): string | null => {
  if (isFields(will) && will.qos === 3) return 'a will of QoS 3 (MQTT-3.1.2-14)';
  const isNameless = (username ?? null) === null && (password ?? null) !== null;
  return isNameless ? 'a password without a user name (MQTT-3.1.2-22)' : null;
};

const textsOf = (list: unknown): readonly string[] =>
  Array.isArray(list)
    ? list.flatMap((one: unknown) => (isFields(one) ? [String(one.topic)] : [String(one)]))
    : [];

/**
 * What is wrong with a packet, as the engine's parser has it, that the engine would take; null where nothing is. MQTT
 * 3.1.1, by the numbers of its statements. It is asked for each packet, so no schema reads it.
 */
const packetFault = (packet: Fields): string | null => {
  const { cmd, messageId, qos, topic, clientId, will } = packet;
  if (messageId === 0 && (cmd === 'publish' ? qos !== 0 : NUMBERED.has(String(cmd))))
    return `${cmd} without an identifier (MQTT-2.3.1-1)`;
  if (cmd === 'publish') return typeof topic === 'string' ? textFault(topic) : null;
  const filters = [...textsOf(packet.subscriptions), ...textsOf(packet.unsubscriptions)];
  if (cmd === 'unsubscribe' && filters.length === 0) return 'unsubscribe without a filter (MQTT-3.10.3-2)';
  const fault = cmd === 'connect' ? connectFault(packet) : null;
  if (fault !== null) return fault;
  for (const text of [clientId, isFields(will) ? will.topic : undefined, ...filters]) {
    const its = typeof text === 'string' ? textFault(text) : null;
    if (its !== null) return its;
  }
  const isHalfWild = filters.some((filter) =>
    filter.split('/').some((level) => level.length > 1 && level.includes('+')),
  );
  return isHalfWild ? 'a filter with + beside other characters of a level (MQTT-4.7.1-3)' : null;
};

/** CONNACK with return code 1: a level of the protocol that is not spoken. */
const UNKNOWN_LEVEL = Buffer.from([0x20, 2, 0, 1]);

/**
 * Has a client disconnected for what MQTT 3.1.1 forbids and the engine lets pass; to be called before its first packet.
 * The engine's parser is no part of its types.
 */
export const enforcePacketRules = (client: Client): void => {
  const parser: unknown = Reflect.get(client, '_parser');
  if (!(parser instanceof EventEmitter)) throw new Error('aedes has no _parser any more');
  const listeners = parser.listeners('packet');
  parser.removeAllListeners('packet');
  parser.on('packet', (packet: unknown) => {
    const fault = isFields(packet) ? packetFault(packet) : null;
    if (fault !== null) {
      parser.emit('error', new Error(`it sent ${fault}`));
      return;
    }
    // A message is passed on as a repetition only where it is one to whom it goes (MQTT-3.3.1-3).
    if (isFields(packet) && packet.dup === true) Object.assign(packet, { dup: false });
    for (const listener of listeners) Reflect.apply(listener, parser, [packet]);
  });
  parser.prependListener('error', (error: unknown) => {
    const isLevel = error instanceof Error && /invalid protocol version/i.test(error.message);
    if (isLevel && !client.connected) client.conn.write(UNKNOWN_LEVEL);
  });
};
