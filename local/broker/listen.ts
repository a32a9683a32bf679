import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { LocalError } from '../run/local-error.ts';

/**
 * Who is at the other end of a connection, as far as the network says: `address` with its port, `host` without;
 * `certificate` is the common name of a verified one.
 */
export type Peer = Readonly<{ address: string; host: string; isLocal: boolean; certificate: string | null }>;

/** Certificate, key and authority as PEM; without an authority no client shows a certificate. */
export type Tls = Readonly<{ cert: string; key: string; ca: string | null }>;

export type Door = Readonly<{
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The option that names another port. */
  portOption: string;
  tls: Tls | null;
  isWebSocket: boolean;
  /** Whose connections are local ones: of all that come, of those within this machine, or nobody's. */
  local: 'all' | 'own' | 'none';
  /** Whether who has no certificate may prove to be somebody in another way. */
  hasUsers: boolean;
}>;

export type DoorEvents = Readonly<{
  /** Whether there is room for one more; false ends the connection. */
  admit: (socket: Socket, isLocal: boolean) => boolean;
  onStream: (stream: Duplex, peer: Peer) => void;
  onProblem: (address: string, message: string) => void;
}>;

/**
 * How much a client may have sent that is not handled yet. The broker takes it in one piece and reads on when all of
 * it is acknowledged, so this is also what one client can have in a single commit: some 2,000 samples.
 */
const READ_AHEAD_BYTES = 1024 * 1024;
const READ_AHEAD_OUTSIDE_BYTES = READ_AHEAD_BYTES / 4;
const HANDSHAKE_MS = 10_000;
/** CONNACK with return code 3, server unavailable. */
const UNAVAILABLE = Buffer.from([0x20, 2, 0, 3]);
const REFUSAL_MS = 1_000;

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export const isLoopback = (address: string | undefined): boolean => LOOPBACK.test(address ?? '');

const addressOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`;

const isLocal = ({ local }: Door, { remoteAddress, localAddress }: Socket): boolean =>
  local === 'all' || (local === 'own' && isLoopback(remoteAddress) && isLoopback(localAddress));

/** The common name of a client's certificate; null where it showed none, undefined where it is not to be believed. */
const certificateOf = (socket: Socket): string | null | undefined => {
  if (!(socket instanceof TLSSocket)) return null;
  const { subject } = socket.getPeerCertificate();
  if (subject === undefined) return null;
  return socket.authorized && typeof subject.CN === 'string' ? subject.CN : undefined;
};

const tlsOptions = ({ tls, hasUsers }: Door): TlsOptions => ({
  cert: tls?.cert,
  key: tls?.key,
  minVersion: 'TLSv1.2',
  handshakeTimeout: HANDSHAKE_MS,
  ...(tls?.ca == null ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: !hasUsers }),
});

/** Why there was no handshake: OpenSSL's reason without where in its sources it came up. */
const tlsProblem = (error: Error): string => {
  const code = 'code' in error ? error.code : undefined;
  // What MQTT and HTTP begin with is no version of TLS.
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_HTTP_REQUEST')
    return 'it does not speak TLS, and this port does';
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  return `its TLS handshake failed: ${reason}`;
};

/** Says that there is no room, once the client has said what it wants: sooner, and the answer would be lost to a reset. */
const refuseFull = (socket: Socket): void => {
  socket.on('error', () => undefined);
  socket.setTimeout(REFUSAL_MS, () => socket.destroy());
  socket.once('data', () => socket.end(UNAVAILABLE, () => socket.destroySoon()));
};

/** Whether a page of that origin may connect: browsers let any page of the net reach for this machine. */
const isOriginAllowed = (origin: string | undefined, host: string | undefined, peer: Peer): boolean => {
  if (origin === undefined) return true;
  const from = URL.parse(origin);
  if (peer.isLocal) return from !== null && LOOPBACK_HOST.test(from.hostname);
  return peer.certificate === null || from?.host === host;
};

const webSocketServer = (door: Door, peerOf: (socket: Socket) => Peer | null, events: DoorEvents): Server => {
  const server =
    door.tls === null ? createHttpServer() : createHttpsServer({ ...tlsOptions(door), noDelay: true });
  server.headersTimeout = HANDSHAKE_MS;
  server.requestTimeout = HANDSHAKE_MS;
  server.on('request', (_, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' });
    response.end('MQTT over WebSocket is spoken here\n');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: READ_AHEAD_BYTES * 8,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });
  server.on('upgrade', (request, socket, head) => {
    const peer = peerOf(request.socket);
    const offered = String(request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim());
    const { origin, host } = request.headers;
    if (peer === null || !offered.includes('mqtt') || !isOriginAllowed(origin, host, peer)) {
      events.onProblem(
        addressOf(request.socket),
        'its request for a WebSocket is not one of MQTT, or of a foreign page',
      );
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (_, isBinary) => {
        if (!isBinary) webSocket.close(1003);
      });
      events.onStream(
        createWebSocketStream(webSocket, { readableHighWaterMark: READ_AHEAD_OUTSIDE_BYTES }),
        peer,
      );
    });
  });
  return server;
};

const serverOf = (door: Door, events: DoorEvents): Server => {
  const { admit, onStream, onProblem } = events;
  const peerOf = (socket: Socket): Peer | null => {
    const certificate = certificateOf(socket);
    if (certificate === undefined) return null;
    const host = socket.remoteAddress ?? '';
    return { address: addressOf(socket), host, isLocal: isLocal(door, socket), certificate };
  };
  if (door.tls === null && !door.isWebSocket) {
    const highWaterMark = door.local === 'all' ? READ_AHEAD_BYTES : READ_AHEAD_OUTSIDE_BYTES;
    return createServer({ noDelay: true, highWaterMark }, (socket) => {
      const peer = peerOf(socket);
      if (peer === null || !admit(socket, peer.isLocal)) refuseFull(socket);
      else onStream(socket, peer);
    });
  }
  const accept = (socket: Socket): void => {
    const peer = peerOf(socket);
    if (peer === null) {
      onProblem(addressOf(socket), 'its certificate is not of the authority of --tls-ca');
      socket.destroy();
    } else onStream(socket, peer);
  };
  const server = door.isWebSocket
    ? webSocketServer(door, peerOf, events)
    : createTlsServer(
        { ...tlsOptions(door), noDelay: true, highWaterMark: READ_AHEAD_OUTSIDE_BYTES },
        accept,
      );
  server.on('connection', (socket) => {
    if (!admit(socket, isLocal(door, socket))) socket.destroy();
  });
  server.on('tlsClientError', (error: Error, socket: Socket) =>
    onProblem(addressOf(socket), tlsProblem(error)),
  );
  return server;
};

/** Accepts connections; rejects with an error that says what to do when the address cannot be had. */
export const listen = (door: Door, events: DoorEvents): Promise<Readonly<{ server: Server; port: number }>> =>
  new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(listenError(error, door));
    let server: Server;
    try {
      server = serverOf(door, events);
    } catch (error) {
      return reject(
        new LocalError('Tls', `the certificate or key cannot be used: ${messageOf(error)}`, error),
      );
    }
    server.once('error', onError);
    server.listen(door.port, door.host, () => {
      server.off('error', onError);
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : door.port });
    });
  });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why an address cannot be had, in words that say what to do; the code is that of Node. */
const listenError = (cause: NodeJS.ErrnoException, door: Door): Error =>
  new LocalError(cause.code ?? 'ListenFailed', explain(cause, door), cause);

const explain = (cause: NodeJS.ErrnoException, { host, port, portOption, local }: Door): string => {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: stop the other program or choose another with ${portOption}`;
    case 'EACCES':
      return `port ${port} on ${host} is not allowed to this user: choose one above 1023 with ${portOption}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: listen on ${local === 'all' ? '127.0.0.1' : 'one of its own, or on 0.0.0.0 for all'} instead`;
    default:
      return `the MQTT broker cannot listen on port ${port} of ${host}: ${cause.message}`;
  }
};
