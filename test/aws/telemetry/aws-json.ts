import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a service answers: a result, or an error of that name. */
export type AwsAnswer =
  | Readonly<{ result: unknown }>
  | Readonly<{ error: string; status?: number; fields?: Readonly<Record<string, unknown>> }>;

export type AwsJsonServer = Readonly<{ endpoint: string; close(): Promise<void> }>;

/** Starts a server of AWS's JSON protocol: `answer` is given the operation that is asked for and its parsed input. */
export const startAwsJson = async (
  answer: (operation: string, input: unknown) => AwsAnswer,
): Promise<AwsJsonServer> => {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const target = String(request.headers['x-amz-target']);
      const given = answer(target.slice(target.indexOf('.') + 1), JSON.parse(body === '' ? '{}' : body));
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      if ('result' in given) {
        response.writeHead(200, headers).end(JSON.stringify(given.result));
        return;
      }
      const { error, status = 400, fields = { message: error } } = given;
      response
        .writeHead(status, headers)
        .end(JSON.stringify({ __type: `com.amazonaws.service#${error}`, ...fields }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

/** What a client of the SDK needs to go there and to speak once. */
export const clientOf = (endpoint: string, maxAttempts = 1) => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts,
});
