import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createSecureContext, createServer, type TLSSocket } from 'node:tls';
import { Aedes, type AedesOptions } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';

/** What came of clients: the name in their certificate and what they asked for, their identifiers, topics, and paths of WebSockets. */
export type Seen = Readonly<{
  names: unknown[];
  protocols: unknown[];
  hosts: string[];
  clients: string[];
  topics: string[];
  paths: string[];
}>;

export type TlsBrokerOptions = Readonly<{
  /** Where the files of an authority and its server lie. */
  at: (file: string) => string;
  isWebSocket?: boolean;
  tls?: ServerOptions;
  aedes?: AedesOptions;
}>;

/** A real broker on 127.0.0.1 that demands certificates of its authority. */
export const startTlsBroker = async ({ at, isWebSocket = false, tls, aedes }: TlsBrokerOptions) => {
  const seen: Seen = { names: [], protocols: [], hosts: [], clients: [], topics: [], paths: [] };
  const broker = await Aedes.createBroker({
    ...aedes,
    authorizePublish(client, packet, done) {
      seen.topics.push(packet.topic);
      if (aedes?.authorizePublish) aedes.authorizePublish(client, packet, done);
      else done(null);
    },
  });
  broker.on('client', ({ id }) => seen.clients.push(id));
  const own = { cert: readFileSync(at('server.pem')), key: readFileSync(at('server.key')) };
  const options: ServerOptions = {
    ...own,
    ca: readFileSync(at('ca.pem')),
    requestCert: true,
    SNICallback(host, done) {
      seen.hosts.push(host);
      done(null, createSecureContext({ ...own, ca: readFileSync(at('ca.pem')) }));
    },
    ...tls,
  };
  const sockets = new Set<TLSSocket>();
  const keep = (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    seen.names.push(socket.getPeerCertificate().subject?.CN);
    seen.protocols.push(socket.alpnProtocol);
    if (!isWebSocket) broker.handle(socket);
  };
  const server = isWebSocket ? createHttpsServer(options) : createServer(options);
  server.on('secureConnection', keep);
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
  server.on('upgrade', (request, socket, head) =>
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      seen.paths.push(request.url ?? '');
      broker.handle(createWebSocketStream(webSocket), request);
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    ...seen,
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
};
