import { chmodSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { type NdjsonParts, ndjsonSource } from './ndjson-source.ts';
import { createChannel, type Source, type SourceSample } from './source.ts';

export type SocketSourceParts = Readonly<{ path: string }> & Pick<NdjsonParts, 'now' | 'onEvent' | 'mapper'>;

export type OpenedSocket =
  | Readonly<{ ok: true; source: Source; close(): Promise<void> }>
  | Readonly<{ ok: false; error: Readonly<{ message: string }> }>;

const MAX_CONNECTIONS = 64;
/** The owner and its group may write. */
const MODE = 0o660;

/**
 * Listens on a Unix socket for line-delimited JSON from several bridges at a time; the end or failure of one is no
 * matter to the others. A socket that a process before left behind is taken over.
 */
export const openSocketSource = async (parts: SocketSourceParts): Promise<OpenedSocket> => {
  const { path, now, onEvent, mapper } = parts;
  const channel = createChannel<readonly SourceSample[]>();
  const sockets = new Set<Socket>();
  let connections = 0;

  async function read(socket: Socket): Promise<void> {
    connections += 1;
    const name = `socket connection ${connections}`;
    sockets.add(socket);
    try {
      const samples = ndjsonSource({ name, chunks: socket, now, onEvent, mapper });
      for await (const batch of samples) if (!(await channel.send(batch))) return;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (server.listening) onEvent({ kind: 'failed', source: name, message });
    } finally {
      sockets.delete(socket);
    }
  }

  const server = createServer((socket) => void read(socket));
  server.maxConnections = MAX_CONNECTIONS;
  const problem = await listenOn(server, path);
  if (problem !== null) return { ok: false, error: { message: `${path}: ${problem}` } };
  chmodSync(path, MODE);
  return {
    ok: true,
    source: { [Symbol.asyncIterator]: () => channel.items() },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      channel.end();
      await closed;
    },
  };
};

const listenOn = async (server: Server, path: string): Promise<string | null> => {
  const first = await tryToListen(server, path);
  if (first === null) return null;
  if (first !== 'EADDRINUSE') return `cannot listen there (${first}); check the folder and its permissions`;
  if (await answers(path)) return 'another process listens there; stop it, or choose another path';
  rmSync(path, { force: true });
  const second = await tryToListen(server, path);
  return second === null ? null : `cannot listen there (${second}); check the folder and its permissions`;
};

const tryToListen = (server: Server, path: string): Promise<string | null> =>
  new Promise((resolve) => {
    const fail = (error: Error) => resolve('code' in error ? String(error.code) : error.message);
    server.once('error', fail);
    server.listen(path, () => {
      server.off('error', fail);
      resolve(null);
    });
  });

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = dial(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
