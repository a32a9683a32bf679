import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';

/** What a broker took with QoS 1, in the order in which it came. */
export type Received = Readonly<{ topic: string; payload: string; dup: boolean }>;

export type TestBroker = AsyncDisposable &
  Readonly<{
    port: number;
    url: string;
    received: Received[];
    /** Ends every connection at once and listens no more, as a killed process would. */
    kill(): Promise<void>;
  }>;

/** A real broker on 127.0.0.1, on a free port or on the one it is given. */
export const startBroker = async (options: AedesOptions = {}, port = 0): Promise<TestBroker> => {
  const received: Received[] = [];
  const broker = await Aedes.createBroker({
    ...options,
    authorizePublish: (client, packet, done) => {
      if (packet.qos === 1) {
        received.push({ topic: packet.topic, payload: String(packet.payload), dup: packet.dup });
      }
      if (options.authorizePublish) options.authorizePublish(client, packet, done);
      else done(null);
    },
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  async function kill(): Promise<void> {
    for (const socket of sockets) socket.resetAndDestroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  }
  return {
    port: address.port,
    url: `mqtt://127.0.0.1:${address.port}`,
    received,
    kill,
    [Symbol.asyncDispose]: kill,
  };
};
