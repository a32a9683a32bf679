import { createServer, type Server, type Socket } from 'node:net';
import { explainListenError } from './listen-error.ts';

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
    const onError = (error: Error): void => reject(explainListenError(error, where));
    server.once('error', onError);
    server.listen(where.port, where.host, () => {
      server.off('error', onError);
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : where.port });
    });
  });
