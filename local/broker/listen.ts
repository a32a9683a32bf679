import { createServer, type Server, type Socket } from 'node:net';
import { LocalError } from '../run/local-error.ts';

type Where = Readonly<{ host: string; port: number }>;

/**
 * How much a client may have sent that is not handled yet. The broker takes it in one piece and reads on when all of
 * it is acknowledged, so this is also what one client can have in a single commit: some 2,000 samples.
 */
const READ_AHEAD_BYTES = 1024 * 1024;

/** Accepts connections; rejects with an error that says what to do when the address cannot be had. */
export const listen = (
  where: Where,
  onSocket: (socket: Socket) => void,
): Promise<Readonly<{ server: Server; port: number }>> =>
  new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, highWaterMark: READ_AHEAD_BYTES }, onSocket);
    const onError = (error: Error): void => reject(listenError(error, where));
    server.once('error', onError);
    server.listen(where.port, where.host, () => {
      server.off('error', onError);
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : where.port });
    });
  });

/** Why an address cannot be had, in words that say what to do; the code is that of Node. */
const listenError = (cause: NodeJS.ErrnoException, where: Where): Error =>
  new LocalError(cause.code ?? 'ListenFailed', explain(cause, where), cause);

const explain = (cause: NodeJS.ErrnoException, { host, port }: Where): string => {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: stop the other program or choose another with --mqtt-port`;
    case 'EACCES':
      return `port ${port} on ${host} is not allowed to this user: choose one above 1023 with --mqtt-port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: listen on 127.0.0.1 instead`;
    default:
      return `the MQTT broker cannot listen on port ${port} of ${host}: ${cause.message}`;
  }
};
