import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createAdaptorServer } from '@hono/node-server';
import { LocalError } from '../run/local-error.ts';

/** The server of the desk, before it has anything to show. */
export type DeskServer = Readonly<{
  /** Where people open it. */
  url: string;
  port: number;
  /** The port that was meant, where another one had to be taken. */
  busyPort: number | null;
  isKnownHost: (host: string) => boolean;
  /** Reached from this machine alone. */
  isLoopback: boolean;
  /** Answers with this from now on. */
  serve(fetch: (request: Request) => Response | Promise<Response>): void;
  close(): Promise<void>;
}>;

type Options = Readonly<{
  host: string;
  port: number;
  /** Another port will do where this one is busy. */
  mayMove: boolean;
}>;

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');

/** Slow and silent clients are let go of. */
const REQUEST_MS = 15_000;
const MAX_CONNECTIONS = 500;

/** Begins to listen. Rejects with one line that says what to do where the port is busy. */
export const openDeskServer = async ({ host, port, mayMove }: Options): Promise<DeskServer> => {
  let answer: (request: Request) => Response | Promise<Response> = () =>
    new Response('it is about to start\n', { status: 503, headers: { 'retry-after': '1' } });
  const server = createAdaptorServer({
    fetch: (request: Request) => answer(request),
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, maxHeaderSize: 16_384 },
  });
  if (!(server instanceof Server)) throw new Error('the server of the desk is no server of HTTP');
  server.maxConnections = MAX_CONNECTIONS;
  const bound = await listen(server, host, port).catch((error: unknown) => {
    if (!isBusy(error))
      throw new LocalError(
        'DeskHost',
        `the desk cannot listen on ${host}: name an address of this machine with --desk-host, or leave it out`,
        error,
      );
    if (mayMove) return listen(server, host, 0);
    throw new LocalError(
      'DeskPort',
      `the desk cannot listen on ${host}:${port}, which is in use: choose another --desk-port, 0 for any that is free, or --no-desk`,
      error,
    );
  });
  const shown = host === '0.0.0.0' || host === '::' ? hostname() : host;
  const name = shown.includes(':') ? `[${shown}]` : shown;
  const isLoopback = /^(127\.|localhost$|::1$)/.test(host);
  const known = new Set(['127.0.0.1', 'localhost', '[::1]', name].map((one) => `${one}:${bound}`));
  return {
    url: `http://${name}:${bound}`,
    port: bound,
    busyPort: bound !== port && port !== 0 ? port : null,
    // Elsewhere only who has the token is let in, whatever name leads here.
    isKnownHost: (given) => !isLoopback || known.has(given.toLowerCase()),
    isLoopback,
    serve: (fetch) => {
      answer = fetch;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
