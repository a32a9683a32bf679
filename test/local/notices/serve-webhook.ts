import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

type Request = Readonly<{ headers: IncomingHttpHeaders; body: string; url: string; method: string }>;

/** A server on loopback that keeps what it is sent, and ends with the test. */
export const serveRequests = async (
  t: TestContext,
  answer: (response: ServerResponse, request: Request) => void,
) => {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const { headers, url = '', method = '' } = request;
    const received = { headers, url, method, body: await text(request) };
    requests.push(received);
    answer(response, received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return { requests, origin };
};

/** A webhook that keeps the ids of the notices it is sent; a test may wait until there are enough. */
export const serveWebhook = async (t: TestContext, answer: (response: ServerResponse) => void) => {
  const ids: string[] = [];
  let onNotice: () => void = () => undefined;
  const { origin } = await serveRequests(t, (response, { headers }) => {
    ids.push(String(headers['idempotency-key']));
    answer(response);
    onNotice();
  });
  const until = async (isEnough: () => boolean): Promise<void> => {
    while (!isEnough()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      onNotice = resolve;
      await promise;
    }
  };
  return { ids, url: `${origin}/`, until };
};
