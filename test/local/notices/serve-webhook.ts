import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** A server on loopback that keeps the ids of the notices it is sent, and ends with the test. */
export const serveWebhook = async (t: TestContext, answer: (response: ServerResponse) => void) => {
  const ids: string[] = [];
  let onRequest: () => void = () => undefined;
  const server = createServer(async (request, response) => {
    await text(request);
    ids.push(String(request.headers['idempotency-key']));
    answer(response);
    onRequest();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const until = async (isEnough: () => boolean): Promise<void> => {
    while (!isEnough()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      onRequest = resolve;
      await promise;
    }
  };
  return { ids, url, until };
};
