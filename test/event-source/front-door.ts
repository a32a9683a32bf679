import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import type { Answer, Request } from '../aws/start-server.ts';
import { failureOf } from './answers.ts';
import type { Mishaps, Service } from './mishap.ts';

/** What answers at the door at the moment: the services, and what befalls requests to them. */
export type Behind = Readonly<{
  services: Readonly<Record<Service, (request: Request) => Answer | Promise<Answer>>>;
  mishaps: Mishaps;
}>;

const SERVICES: Readonly<Record<string, Service>> = {
  dynamodb: 'dynamodb',
  s3: 's3',
  sns: 'sns',
  sqs: 'sqs',
  iotdata: 'shadows',
  iotdevicegateway: 'shadows',
  timestream: 'telemetry',
  firehose: 'telemetry',
};

/** The service that a request was signed for. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html */
const serviceOf = ({ headers }: Request): Service => {
  const name = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(headers.authorization))?.[1] ?? '';
  const service = SERVICES[name];
  if (service === undefined) throw new Error(`nobody answers for the service "${name}"`);
  return service;
};

const operationOf = ({ headers, method, body }: Request): string =>
  String(headers['x-amz-target'] ?? '').split('.')[1] ||
  new URLSearchParams(body.toString('latin1')).get('Action') ||
  method;

/**
 * One HTTP server for all services of a region. A function that was killed in mid-request reaches nothing any more,
 * until `revive` begins the life of the next.
 */
export const frontDoor = async () => {
  let behind: Behind | null = null;
  let isDead = false;
  let open = 0;

  const respond = async (request: Request, outgoing: ServerResponse): Promise<void> => {
    if (behind === null || isDead) return void outgoing.destroy();
    const service = serviceOf(request);
    const operation = operationOf(request);
    const mishap = behind.mishaps({
      service,
      operation,
      path: request.path,
      body: request.body.toString('utf8'),
    });
    // From here on nothing else is taken, also while this request is still carried out.
    if (mishap === 'killed-before' || mishap === 'killed-after') isDead = true;
    if (mishap === 'killed-before' || mishap === 'unreached') return void outgoing.destroy();
    const isServed = mishap === 'none' || mishap === 'lost' || mishap === 'killed-after';
    const answer = isServed ? await behind.services[service](request) : failureOf(service, mishap);
    if (mishap === 'lost' || mishap === 'killed-after') return void outgoing.destroy();
    outgoing.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  };

  const take = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    open += 1;
    outgoing.sendDate = false;
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const { method = 'GET', headers } = incoming;
    const body = await buffer(incoming);
    await respond(
      { method, path: decodeURIComponent(pathname), query: searchParams, headers, body },
      outgoing,
    );
    open -= 1;
  };

  const failures: unknown[] = [];
  const server = createServer((incoming, outgoing) => {
    take(incoming, outgoing).catch((error: unknown) => {
      failures.push(error);
      open -= 1;
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    open(next: Behind): void {
      behind = next;
      isDead = false;
    },
    revive(): void {
      isDead = false;
    },
    isDead: () => isDead,
    /** Resolves when no request is under way; throws what went wrong with the stand-ins themselves. */
    async quiet(): Promise<void> {
      do await setImmediate();
      while (open > 0);
      if (failures.length > 0) throw new Error('a stand-in for AWS failed', { cause: failures.shift() });
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export type FrontDoor = Awaited<ReturnType<typeof frontDoor>>;
