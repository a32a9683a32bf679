import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Request = Readonly<{
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
}>;

export type Answer = Readonly<{
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
}>;

export type TestServer = Readonly<{ endpoint: string; close(): Promise<void> }>;

const isAddress = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

/** A small HTTP server on a free port of this machine. */
export const startServer = async (
  answer: (request: Request) => Answer | Promise<Answer>,
): Promise<TestServer> => {
  const server = createServer(async (incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const { method = 'GET', headers } = incoming;
    const {
      status,
      headers: sent,
      body,
    } = await answer({
      method,
      path: decodeURIComponent(pathname),
      query: searchParams,
      headers,
      body: await buffer(incoming),
    });
    outgoing.writeHead(status, { ...sent }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${isAddress(address) ? address.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** What an SDK client needs to speak to such a server; unless told so it tries once, so that failures are seen at once. */
export const clientSettings = (endpoint: string, maxAttempts = 1) => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts,
});
