import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createShadowService, type ShadowServiceParts } from '../../../local/shadow/shadow-service.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { type Answer, type Request, startServer } from '../start-server.ts';

const ERRORS: Readonly<Record<number, string>> = {
  400: 'InvalidRequestException',
  404: 'ResourceNotFoundException',
  409: 'ConflictException',
  413: 'RequestEntityTooLargeException',
  429: 'ThrottlingException',
  503: 'ServiceUnavailableException',
};

const THING = /^\/things\/([^/]+)\/shadow$/;

/** What was asked of the server: an operation, the thing, and what the update said. */
export type Asked = Readonly<{ method: string; thing: string; update: unknown }>;

/** An answer in place of the shadow service's own, or none. */
type Instead = (asked: Asked) => Readonly<{ status: number; message: string }> | null;

const failed = (code: number, message: string): Answer => ({
  status: code,
  headers: {
    'content-type': 'application/json',
    'x-amzn-errortype': ERRORS[code] ?? 'InternalFailureException',
  },
  body: JSON.stringify({ message }),
});

/** The device shadow service over HTTP as the IoT data plane offers it, on the shadows of one machine. */
export const startShadowServer = async ({
  nowMs = () => 1_763_800_000_000,
  onDesired = () => undefined,
}: Partial<Pick<ShadowServiceParts, 'nowMs' | 'onDesired'>> = {}) => {
  const asked: Asked[] = [];
  let requests = 0;
  const control: { instead: Instead } = { instead: () => null };
  const answers: { topic: string; payload: Readonly<Record<string, unknown>> }[] = [];
  const service = createShadowService({
    store: createSqliteShadowStore(openLedgerDatabase({ path: ':memory:' })),
    publish: (topic, payload) => {
      answers.push({ topic, payload: JSON.parse(payload) });
      return Promise.resolve();
    },
    nowMs,
    onDesired,
  });

  const answer = async ({ method, path, query, body }: Request): Promise<Answer> => {
    const [, thing = ''] = THING.exec(path) ?? [];
    const operation = method === 'GET' ? 'get' : method === 'DELETE' ? 'delete' : 'update';
    const request = { method, thing, update: body.length === 0 ? null : JSON.parse(body.toString()) };
    asked.push(request);
    const instead = control.instead(request);
    if (instead !== null) return failed(instead.status, instead.message);
    // Requests that come together are answered together: each is known by its token.
    requests += 1;
    const clientToken = `request-${requests}`;
    await service.handle(
      `$aws/things/${thing}/shadow/name/${query.get('name')}/${operation}`,
      Buffer.from(JSON.stringify({ ...Object(request.update), clientToken })),
    );
    const reply = answers.find(
      ({ topic, payload }) => /\/(accepted|rejected)$/.test(topic) && payload.clientToken === clientToken,
    );
    if (reply === undefined) return failed(500, 'no answer');
    const { clientToken: _, ...payload } = reply.payload;
    if (reply.topic.endsWith('/accepted')) return { status: 200, body: JSON.stringify(payload) };
    return failed(Number(payload.code), String(payload.message));
  };

  const server = await startServer(answer);
  return { ...server, asked, control };
};
