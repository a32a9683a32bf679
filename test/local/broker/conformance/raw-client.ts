import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Packets of MQTT 3.1.1 as bytes, right or wrong, by the numbers of its table 2.1. */
export const TYPES = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;
type Type = keyof typeof TYPES;

export const packet = (type: Type, flags: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7)
    length.push((rest & 127) | (rest > 127 ? 128 : 0));
  return Buffer.concat([Buffer.from([(TYPES[type] << 4) | flags, ...length]), body]);
};

export const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
export const text = (value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(bytes.length), bytes]);
};

/** What a CONNECT says; `flags` in place of those that follow from the rest. */
type ConnectFields = Readonly<{
  id?: string;
  clean?: boolean;
  keepAlive?: number;
  protocol?: string;
  level?: number;
  will?: Readonly<{ topic: string; message: string; qos?: number; retain?: boolean }>;
  flags?: number;
}>;

export const connectPacket = (fields: ConnectFields = {}): Buffer => {
  const { id = 'c', clean = true, keepAlive = 0, protocol = 'MQTT', level = 4, will } = fields;
  const willFlags = will === undefined ? 0 : 4 | ((will.qos ?? 0) << 3) | (will.retain === true ? 32 : 0);
  const flags = fields.flags ?? (clean ? 2 : 0) | willFlags;
  const willParts = will === undefined ? [] : [text(will.topic), text(will.message)];
  return packet(
    'connect',
    0,
    text(protocol),
    Buffer.from([level, flags]),
    u16(keepAlive),
    text(id),
    ...willParts,
  );
};

type PublishFields = Readonly<{ qos?: number; id?: number; retain?: boolean; dup?: boolean }>;

export const publishPacket = (
  topic: string | Uint8Array,
  message: string,
  { qos = 0, id = 1, retain = false, dup = false }: PublishFields = {},
): Buffer =>
  packet(
    'publish',
    (dup ? 8 : 0) | (qos << 1) | Number(retain),
    text(topic),
    qos === 0 ? Buffer.alloc(0) : u16(id),
    Buffer.from(message),
  );

type Filter = readonly [filter: string | Uint8Array, qos: number];
export const subscribePacket = (id: number, ...filters: readonly Filter[]): Buffer =>
  packet('subscribe', 2, u16(id), ...filters.flatMap(([filter, qos]) => [text(filter), Buffer.from([qos])]));
export const unsubscribePacket = (id: number, ...filters: readonly string[]): Buffer =>
  packet('unsubscribe', 2, u16(id), ...filters.map(text));

/** A packet that came, in words: `publish a/b hello qos 1 id 7 retain`, `suback 3 0 1 128`, `connack 0 0`. */
const worded = (bytes: Buffer, body: Buffer): string => {
  const first = bytes[0] ?? 0;
  const type = Object.entries(TYPES).find(([, number]) => number === first >> 4)?.[0] ?? `type ${first >> 4}`;
  if (type === 'publish') {
    const length = body.readUInt16BE(0);
    const [qos, topic] = [(first >> 1) & 3, body.toString('utf8', 2, 2 + length)];
    const message = body.toString('utf8', 2 + length + (qos > 0 ? 2 : 0));
    const marks = `${(first & 1) === 1 ? ' retain' : ''}${(first & 8) === 8 ? ' dup' : ''}`;
    return `publish ${topic} ${message} qos ${qos}${marks}`;
  }
  if (type === 'connack') return `connack ${body[0]} ${body[1]}`;
  const rest = [...body.subarray(2)].map((code) => ` ${code}`).join('');
  return body.length >= 2 ? `${type} ${body.readUInt16BE(0)}${rest}` : type;
};

/** A client that sends any bytes, and hears what comes back packet by packet. */
export type RawClient = Readonly<{
  socket: Socket;
  send(...packets: readonly Uint8Array[]): void;
  /** The next packet in words, `closed` where the connection ended before one. */
  next(): Promise<string>;
  /** The identifier of the PUBLISH that came last. */
  lastId(): number;
  /** All that comes until the answer to a ping, which the broker sends after what was under way. */
  rest(): Promise<readonly string[]>;
}>;

export const rawClient = (socket: Socket): RawClient => {
  let buffer = Buffer.alloc(0);
  let isClosed = false;
  let id = 0;
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    socket.emit('more');
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    isClosed = true;
    socket.emit('more');
  });

  const take = (): string | null => {
    let [length, at, shift] = [0, 1, 0];
    for (let byte = 128; byte > 127; at += 1, shift += 7) {
      if (at >= buffer.length) return null;
      byte = buffer[at] ?? 0;
      length |= (byte & 127) << shift;
    }
    if (buffer.length < at + length) return null;
    const [whole, body] = [buffer.subarray(0, at + length), buffer.subarray(at, at + length)];
    buffer = buffer.subarray(at + length);
    const qos = ((whole[0] ?? 0) >> 1) & 3;
    if ((whole[0] ?? 0) >> 4 === TYPES.publish && qos > 0) id = body.readUInt16BE(2 + body.readUInt16BE(0));
    return worded(whole, body);
  };

  const next = async (): Promise<string> => {
    while (true) {
      const said = take();
      if (said !== null) return said;
      if (isClosed) return 'closed';
      await once(socket, 'more');
    }
  };

  const send = (...packets: readonly Uint8Array[]): void => void socket.write(Buffer.concat(packets));
  return {
    socket,
    send,
    next,
    lastId: () => id,
    rest: async () => {
      const said: string[] = [];
      send(packet('pingreq', 0));
      for (let one = await next(); one !== 'pingresp' && one !== 'closed'; one = await next()) said.push(one);
      return said;
    },
  };
};
