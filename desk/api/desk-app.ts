import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { streamSSE } from 'hono/streaming';
import { commandRoutes } from './command-routes.ts';
import { cylinderRoutes } from './cylinder-routes.ts';
import type { DeskChange, DeskPorts } from './desk-ports.ts';
import { incidentRoutes } from './incident-routes.ts';
import { inTurn, rateLimit } from './rate-limit.ts';
import { type Answered, openApi, problem, type RawRequest, type Route } from './route.ts';

/** A page of this server alone may show what it answers: nothing of a third party, and no code or style within a page. */
const headersFor = (signInAt: string | undefined): Readonly<Record<string, string>> => ({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    `connect-src ${["'self'", ...(signInAt === undefined ? [] : [new URL(signInAt).origin])].join(' ')}; ` +
    "manifest-src 'self'; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
});
const HSTS = 'max-age=63072000; includeSubDomains';

const MAX_ADDRESS_CHARACTERS = 4096;

const refuse = (context: Context, ...why: Parameters<typeof problem>): Response => {
  const answered = problem(...why);
  return 'body' in answered ? context.json(answered.body, answered.status) : context.body(null, 400);
};

/** Whether a request comes from a page of this server, or from no page at all: a browser says so of each that may act. */
const isOwn = (context: Context): boolean => {
  const [origin, host, site] = ['origin', 'host', 'sec-fetch-site'].map((name) => context.req.header(name));
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || URL.parse(origin)?.host === (host ?? new URL(context.req.url).host);
};

/** Headers for every answer; and what is answered to nobody: under a name of somebody else, for a page of somebody else, too much. */
const guard = ({ isKnownHost, limit, signInAt }: DeskPorts): MiddlewareHandler => {
  const headers = Object.entries(headersFor(signInAt));
  const mayPass = rateLimit(limit.perSecond);
  let atOnce = 0;
  const fault = (context: Context): Response | null => {
    const { method, url } = context.req;
    const { host, pathname } = new URL(url);
    if (url.length > MAX_ADDRESS_CHARACTERS)
      return refuse(context, 400, 'TooLong', 'the address is too long');
    if (!isKnownHost(context.req.header('host') ?? host))
      return refuse(context, 403, 'ForeignHost', 'the desk does not go by this name');
    if (method !== 'GET' && method !== 'HEAD') {
      if (!isOwn(context))
        return refuse(context, 403, 'ForeignOrigin', 'a page of somebody else may not act here');
      if (!/^application\/json\b/i.test(context.req.header('content-type') ?? ''))
        return refuse(context, 400, 'NotJson', 'the body has to be application/json');
    }
    if (!pathname.startsWith('/api/') || (atOnce < limit.atOnce && mayPass(''))) return null;
    context.header('retry-after', '1');
    return refuse(context, 429, 'TooMany', 'too many requests: ask again in a second');
  };
  return async (context, next) => {
    for (const [name, value] of headers) context.header(name, value);
    if (context.req.url.startsWith('https:')) context.header('strict-transport-security', HSTS);
    const refused = fault(context);
    if (refused !== null) return refused;
    atOnce += 1;
    try {
      await next();
    } finally {
      atOnce -= 1;
    }
    return undefined;
  };
};

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 100;

/** Tells a page of changes as they come, as server-sent events, where the home can: one that reads slowly misses some, and gets them named in the next. */
const streamChanges = ({ changes, userOf }: DeskPorts) => {
  let streams = 0;
  return (context: Context): Response | Promise<Response> => {
    if (changes === null || userOf(context.req.raw) === null)
      return context.json({ error: { code: 'NotFound', message: 'ask again and again, with the tag' } }, 404);
    if (streams >= MAX_STREAMS)
      return context.json({ error: { code: 'TooMany', message: 'too many pages are open' } }, 503);
    context.header('cache-control', 'no-store');
    context.header('x-accel-buffering', 'no');
    return streamSSE(context, async (stream) => {
      streams += 1;
      let missed: DeskChange | null = null;
      let wake = Promise.withResolvers<void>();
      const end = changes((change) => {
        missed =
          missed === null
            ? change
            : {
                at: change.at,
                all: missed.all || change.all,
                cylinders: [...new Set([...missed.cylinders, ...change.cylinders])],
              };
        wake.resolve();
      });
      stream.onAbort(() => wake.resolve());
      try {
        await stream.writeSSE({ event: 'hello', data: '{}', retry: 2000 });
        while (!stream.aborted && !stream.closed) {
          const heartbeat = setTimeout(wake.resolve, HEARTBEAT_MS);
          await wake.promise;
          clearTimeout(heartbeat);
          wake = Promise.withResolvers<void>();
          const change = missed;
          missed = null;
          if (change === null) await stream.write(': still here\n\n');
          else await stream.writeSSE({ event: 'change', data: JSON.stringify(change) });
        }
      } finally {
        streams -= 1;
        end();
      }
    });
  };
};

const MAX_BODY_BYTES = 65_536;

/** Names an answer, whatever the time is in it. */
const tagOf = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `"${btoa(String.fromCharCode(...new Uint8Array(digest).subarray(0, 15)))}"`;
};

/** HEAD is answered as GET is: what follows links for a preview begins with it. */
const isLook = ({ req: { method } }: Context): boolean => method === 'GET' || method === 'HEAD';

/** Its first `now` is that of the answer as such. */
const withoutNow = (text: string): string => text.replace(/"now":\d+/, '');

const sameTag = (context: Context, tag: string): boolean =>
  (context.req.header('if-none-match') ?? '')
    .split(',')
    .some((one) => one.trim().replace(/^W\//, '') === tag);

const send = async (context: Context, answered: Answered): Promise<Response> => {
  context.header('cache-control', 'private, no-cache');
  if ('text' in answered) return context.body(answered.text, 200, { 'content-type': answered.type });
  const { status, body } = answered;
  if (status !== 200 || !isLook(context)) {
    // What a twin refused is an answer, and a conflict with what is.
    const isRefused = 'result' in body && body.result === 'refused';
    return context.json(body, isRefused ? 409 : status);
  }
  // Written once: eight days of a cylinder are a megabyte.
  const text = JSON.stringify(body);
  const tag = await tagOf(withoutNow(text));
  context.header('etag', tag);
  return sameTag(context, tag)
    ? context.body(null, 304)
    : context.body(text, 200, { 'content-type': 'application/json' });
};

const bodyOf = async (context: Context): Promise<unknown> => {
  if (isLook(context)) return {};
  return await context.req.json().catch(() => undefined);
};

const answer =
  (line: Route, { userOf }: DeskPorts, turn: ReturnType<typeof inTurn>) =>
  async (context: Context): Promise<Response> => {
    const user = userOf(context.req.raw);
    if (user === null && line.isOpen !== true)
      return await send(context, problem(401, 'NotKnown', 'sign in, or open the link of a notice'));
    const body = await bodyOf(context);
    if (body === undefined) return await send(context, problem(400, 'NotJson', 'the body is no JSON'));
    const request: RawRequest = {
      path: (name) => context.req.param(name) ?? '',
      query: context.req.query(),
      body,
      user,
      raw: context.req.raw,
    };
    const act = async (): Promise<Response> => await send(context, await line.act(request));
    // A command waits for the pipeline, and for nobody who looks.
    return await (line.method === 'post' ? act() : turn(act));
  };

/** The page's files; whatever is no file and not of the API is a view of the page, which finds its way by itself. */
const pageOf =
  ({ page }: DeskPorts) =>
  async (context: Context): Promise<Response> => {
    const { path } = context.req;
    const files = await page();
    const isView = !path.startsWith('/api/') && !/\.\w+$/.test(path);
    const file = files.get(path) ?? (isView || path.startsWith('/i/') ? files.get('/index.html') : undefined);
    if (file === undefined)
      return context.json({ error: { code: 'NotFound', message: 'there is no such thing' } }, 404);
    context.header('content-type', file.contentType);
    context.header('cache-control', file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    return context.body(new Uint8Array(file.bytes));
  };

/** The API of the desk with its page, the same in every home. */
export const createDeskApp = (ports: DeskPorts): Hono => {
  const lines = [...cylinderRoutes(ports), ...incidentRoutes(ports), ...commandRoutes(ports)];
  const app = new Hono();
  app.use(guard(ports));
  app.use(compress({ encoding: 'gzip' }));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => send(context, problem(413, 'TooLarge', 'a body has at most 64 KB')),
    }),
  );
  const turn = inTurn();
  for (const line of lines) {
    const path = line.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(line.method.toUpperCase(), path, answer(line, ports, turn));
  }
  const document = openApi(lines, ports.about.version);
  app.get('/api/openapi.json', (context) => send(context, { status: 200, body: document }));
  app.get('/api/events', streamChanges(ports));
  app.get('*', pageOf(ports));
  app.notFound((context) => send(context, problem(404, 'NotFound', 'there is no such thing')));
  app.onError((error, context) => {
    ports.noteFailure?.(error);
    return send(context, problem(503, 'Failed', 'this could not be answered now: ask again'));
  });
  return app;
};
