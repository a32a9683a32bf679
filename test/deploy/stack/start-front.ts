import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A server on a free port of 127.0.0.1 that stands before a service. */
export type Front = Readonly<{ endpoint: string; stop(): Promise<void> }>;

/** What a front does with a request; one that fails is answered with 502. */
export type Treat = (incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse) => Promise<void>;

export const startFront = async (treat: Treat): Promise<Front> => {
  const server = createServer((incoming, outgoing) => {
    buffer(incoming)
      .then((body) => treat(incoming, body, outgoing))
      .catch(() => {
        if (!outgoing.headersSent) outgoing.writeHead(502);
        outgoing.end();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
