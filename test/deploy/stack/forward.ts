import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What a service answered. */
export type Answer = Readonly<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>;

/** Puts a request that came in to a service at another address, with a body of its own; rejects where nobody answers. */
export const forward = (endpoint: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    const { method, url: path, headers } = incoming;
    const onward = request(
      { hostname, port, method, path, headers: { ...headers, 'content-length': body.length } },
      (answer) => {
        buffer(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: text }),
          reject,
        );
      },
    );
    onward.on('error', reject).end(body);
  });
