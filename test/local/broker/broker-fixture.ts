import { connect as connectSocket, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { type Broker, type BrokerOptions, createBroker } from '../../../local/broker/create-broker.ts';
import type { ReceivedMessage } from '../../../local/broker/publish-gate.ts';

/** A running broker that keeps what it receives and says, and ends with the test. */
export type BrokerFixture = Readonly<{
  broker: Broker;
  received: ReceivedMessage[];
  lines: string[];
  connect(options?: IClientOptions): Promise<MqttClient>;
  socket(): Promise<Socket>;
}>;

export const startBroker = async (
  t: TestContext,
  options: Partial<Pick<BrokerOptions, 'receive' | 'shadow' | 'outside' | 'webSocketPort' | 'bounds'>> = {},
): Promise<BrokerFixture> => {
  const received: ReceivedMessage[] = [];
  const lines: string[] = [];
  const broker = await createBroker({
    ...options,
    host: '127.0.0.1',
    port: 0,
    receive: (message) => {
      received.push(message);
      return options.receive?.(message) ?? Promise.resolve();
    },
    log: (line) => lines.push(line),
  });
  const clients: MqttClient[] = [];
  const sockets: Socket[] = [];
  t.after(async () => {
    for (const client of clients) client.end(true);
    for (const socket of sockets) socket.destroy();
    await broker.close();
  });
  return {
    broker,
    received,
    lines,
    connect: async (clientOptions) => {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
        reconnectPeriod: 0,
        ...clientOptions,
      });
      clients.push(client);
      return client;
    },
    socket: () =>
      new Promise((resolve, reject) => {
        const socket = connectSocket({ port: broker.port, host: '127.0.0.1' }, () => resolve(socket));
        socket.once('error', reject);
        sockets.push(socket);
      }),
  };
};

/** The texts of the messages that come to a client, and a wait for the first `count` of them. */
export const collect = (
  client: MqttClient,
): Readonly<{ texts: string[]; first(count: number): Promise<string[]> }> => {
  const texts: string[] = [];
  client.on('message', (_, payload) => texts.push(payload.toString()));
  return {
    texts,
    first: async (count) => {
      while (texts.length < count) await new Promise((resolve) => client.once('message', resolve));
      return texts.slice(0, count);
    },
  };
};

/** Resolves when the client's connection has ended. */
export const closed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => client.once('close', resolve));

/** Every byte that the other side sends until it ends the connection. */
export const readToEnd = (socket: Socket): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.once('close', () => resolve(Buffer.concat(chunks)));
  });
