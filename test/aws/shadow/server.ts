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
    answers.length = 0;
    const done = service.handle(`$aws/things/${thing}/shadow/name/${query.get('name')}/${operation}`, body);
    // The service answers within the call, so that these are the answers to this request and to no other.
    const reply = answers.find(({ topic }) => /\/(accepted|rejected)$/.test(topic));
    await done;
    if (reply === undefined) return failed(500, 'no answer');
    if (reply.topic.endsWith('/accepted')) return { status: 200, body: JSON.stringify(reply.payload) };
    return failed(Number(reply.payload.code), String(reply.payload.message));
  };

  const server = await startServer(answer);
  return { ...server, asked, control };
};
