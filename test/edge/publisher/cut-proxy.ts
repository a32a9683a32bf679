import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';

/** How a network fails: it is gone, it swallows bytes without a word, or it resets after some of them. */
export type NetworkMode = 'pass' | 'drop' | 'stall' | 'reset';

/** A TCP proxy that fails as a network does. */
export type CutProxy = AsyncDisposable &
  Readonly<{ port: number; url: string; set(mode: NetworkMode): void }>;

const RESET_AFTER_BYTES = 3000;

/** A proxy on 127.0.0.1, on a free port or the one it is given, before another. */
export const startCutProxy = async (targetPort: number, port = 0): Promise<CutProxy> => {
  let mode: NetworkMode = 'pass';
  const sockets = new Set<Socket>();

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('error', () => {});
    return socket.once('close', () => sockets.delete(socket));
  }

  const server = createServer((inner) => {
    keep(inner);
    if (mode === 'drop') return void inner.destroy();
    const outer = keep(dial(targetPort, '127.0.0.1'));
    let passed = 0;
    inner.on('data', (bytes) => {
      passed += bytes.length;
      if (mode === 'pass' || mode === 'reset') outer.write(bytes);
      if (mode === 'reset' && passed > RESET_AFTER_BYTES) inner.resetAndDestroy();
    });
    outer.on('data', (bytes) => {
      if (mode === 'pass' || mode === 'reset') inner.write(bytes);
    });
    inner.once('close', () => outer.destroy());
    outer.once('close', () => inner.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    port: address.port,
    url: `mqtt://127.0.0.1:${address.port}`,
    set(next) {
      mode = next;
      if (next === 'drop') for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
