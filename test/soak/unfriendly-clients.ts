import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import { type RandomSource, randomSource } from '../oracle/random-source.ts';

/** Clients that nobody invited, at one broker after the other. */
export type UnfriendlyClients = Readonly<{
  connect(port: number): void;
  disconnect(): void;
  packets(): number;
}>;

const packet = (type: number, ...parts: readonly (string | readonly number[])[]): Buffer => {
  const rest = Buffer.concat(
    parts.map((part) =>
      typeof part === 'string'
        ? Buffer.concat([Buffer.from([part.length >> 8, part.length & 255]), Buffer.from(part, 'latin1')])
        : Buffer.from(part),
    ),
  );
  return Buffer.concat([Buffer.from([type, (rest.length & 127) | 128, rest.length >> 7]), rest]);
};

const body = (text: string): readonly number[] => [...Buffer.from(text)];
const connectAs = (name: string): Buffer => packet(0x10, 'MQTT', [4, 2, 0, 60], name);
const SAMPLE = body(
  '{"v":1,"boot":"f","samples":[{"t":1763800000000,"seq":1,"wRMSCurrent":1,"probability":0.9}]}',
);

/** Packets of which the fuzzer makes others. Nothing of it can become the name of a cylinder that is counted. */
const PACKETS: readonly [Buffer, ...Buffer[]] = [
  packet(0x10, 'MQTT', [4, 0x2e, 0, 1], 'f', 'will/topic', 'will', 'user', 'word'),
  packet(0x32, 'greengrass/ml/inference/fz/fz', [0, 7], SAMPLE),
  packet(0x33, 'fuzz/retained', [0, 8], body('kept')),
  packet(0x34, 'fuzz/twice', [0, 9], body('2')),
  packet(0x82, [0, 3], '#', [1], 'fuzz/+/x', [2]),
  packet(0xa2, [0, 4], '#'),
  packet(0x32, '$aws/things/fz/shadow/name/twin/update', [0, 5], body('{"state":{"desired":{"a":1}}}')),
  packet(0x32, '$aws/things/fz/shadow/name/twin/get', [0, 6], body('{}')),
  packet(0x32, 'sentinel/line/get', [0, 11], body('{}')),
  Buffer.from([0x62, 2, 0, 9]),
  Buffer.from([0x40, 2, 0, 1]),
  Buffer.from([0xc0, 0]),
  Buffer.from([0xe0, 0]),
  Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1]),
];

const mutated = (random: RandomSource): Buffer => {
  const bytes = Buffer.from(random.pick(PACKETS));
  for (let left = random.integer(0, 4); left > 0; left -= 1) {
    const at = random.integer(0, bytes.length - 1);
    bytes[at] = random.chance(0.5) ? random.integer(0, 255) : (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
  }
  return random.chance(0.1) ? bytes.subarray(0, random.integer(0, bytes.length)) : bytes;
};

const EVERY_MS = 25;
const FLOOD_BYTES = 20_000;

type Guest = (socket: Socket, random: RandomSource) => number;

/** What comes over one connection each, and how many packets that are. */
const GUESTS: readonly [Guest, ...Guest[]] = [
  (socket, random) => {
    const packets = Array.from({ length: random.integer(1, 20) }, () => mutated(random));
    socket.end(Buffer.concat([...(random.chance(0.8) ? [connectAs('fuzz')] : []), ...packets]));
    return packets.length;
  },
  (socket, random) => {
    const packets = Array.from({ length: random.integer(1, 50) }, () => mutated(random));
    socket.write(Buffer.concat([connectAs(`fuzz-${random.integer(0, 9)}`), ...packets]));
    return packets.length;
  },
  // Takes no end of what it asked for.
  (socket) => {
    socket.pause().write(Buffer.concat([connectAs('deaf'), packet(0x82, [0, 1], '#', [1])]));
    return 2;
  },
  // A name that a terminal would obey, and what a spreadsheet would.
  (socket) => {
    const name = '\x1b[2J\x1b]0;=HYPERLINK("x")\x07\r\n--help';
    socket.write(Buffer.concat([connectAs(name), packet(0x32, name, [0, 1], SAMPLE)]));
    return 2;
  },
  // Large ones, kept for all who come.
  (socket, random) => {
    const topic = `flood/${random.integer(0, 5000)}`;
    const large = packet(0x31, topic, Buffer.alloc(random.integer(1, 16_000), 46).toJSON().data);
    socket.write(Buffer.concat([connectAs('flood'), ...Array.from({ length: 20 }, () => large)]));
    return 21;
  },
  // One that says nothing at all, and one that stops in the middle of a packet.
  () => 0,
  (socket) => {
    socket.write(packet(0x32, 'half', body('a'.repeat(900))).subarray(0, 300));
    return 0;
  },
  // One of the same name as a client that is counted.
  (socket, random) => {
    if (random.chance(0.05)) socket.end(connectAs(`soak-line-${random.integer(0, 3)}`));
    return 1;
  },
];
const MOST_SOCKETS = 60;

export const createUnfriendlyClients = (seed: number): UnfriendlyClients => {
  const random = randomSource(seed);
  let packets = 0;
  let leaving = new AbortController();

  const visit = (port: number, sockets: Set<Socket>): void => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.on('data', () => undefined);
    packets += random.pick(GUESTS)(socket, random);
    const [oldest] = sockets;
    if (sockets.size > MOST_SOCKETS) oldest?.destroy();
  };

  /** One that means well and sends far more than anybody asked for. */
  const flood = async (port: number, signal: AbortSignal): Promise<void> => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { clientId: 'flood-2', reconnectPeriod: 0 });
    client.on('error', () => undefined);
    signal.addEventListener('abort', () => client.end(true));
    await new Promise<void>((resolve) => client.once('connect', () => resolve()));
    while (!signal.aborted) {
      client.publish(`flood/busy`, Buffer.alloc(FLOOD_BYTES), { qos: 1 }, () => undefined);
      packets += 1;
      await delay(EVERY_MS, undefined, { signal });
    }
  };

  const come = async (port: number, signal: AbortSignal): Promise<void> => {
    const sockets = new Set<Socket>();
    signal.addEventListener('abort', () => {
      for (const socket of sockets) socket.destroy();
    });
    while (!signal.aborted) {
      visit(port, sockets);
      await delay(EVERY_MS, undefined, { signal });
    }
  };

  return {
    connect: (port) => {
      leaving = new AbortController();
      const { signal } = leaving;
      for (const staying of [come(port, signal), flood(port, signal)]) staying.catch(() => undefined);
    },
    disconnect: () => leaving.abort(),
    packets: () => packets,
  };
};
