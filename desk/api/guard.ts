import type { Context, MiddlewareHandler } from 'hono';
import type { DeskPorts } from './desk-ports.ts';
import { rateLimit } from './rate-limit.ts';
import { problem } from './route.ts';

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
export const guard = ({ isKnownHost, limit, signInAt }: DeskPorts): MiddlewareHandler => {
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
