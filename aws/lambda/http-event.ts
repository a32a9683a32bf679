import * as v from 'valibot';

/** What API Gateway answers for. */
export type HttpAnswer = Readonly<{
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  isBase64Encoded: boolean;
}>;

/** Who asks, as the authorizer has checked it. */
export type Caller = Readonly<{ name: string; groups: readonly string[] }>;

const text = v.string();

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, version 2.0 */
const httpEvent = v.object({
  rawPath: text,
  rawQueryString: v.optional(text, ''),
  headers: v.optional(v.record(text, text), {}),
  body: v.optional(text),
  isBase64Encoded: v.optional(v.boolean(), false),
  requestContext: v.object({
    domainName: text,
    http: v.object({ method: text, sourceIp: v.optional(text, '') }),
    authorizer: v.optional(
      v.object({ jwt: v.optional(v.object({ claims: v.optional(v.record(text, v.unknown()), {}) })) }),
    ),
  }),
});

// What is known of a request goes on with it in headers of its own, which nobody else can set.
const CALLER = 'x-desk-caller';
const ADDRESS = 'x-desk-address';

/** A claim that is a list comes as a text: `[viewer engineer]`. */
const listed = (claim: unknown): readonly string[] =>
  String(claim ?? '')
    .replaceAll(/[[\]"]/g, '')
    .split(/[\s,]+/)
    .filter((one) => one !== '');

const callerOf = (claims: Readonly<Record<string, unknown>>): Caller => ({
  name: String(claims.name ?? claims.email ?? claims['cognito:username'] ?? claims.username ?? ''),
  groups: listed(claims['cognito:groups']),
});

/** A request as API Gateway hands it over. Throws where an event is none. */
export const readHttpEvent = (event: unknown): Request => {
  const {
    rawPath,
    rawQueryString,
    headers: given,
    body,
    isBase64Encoded,
    requestContext,
  } = v.parse(httpEvent, event);
  const { method, sourceIp } = requestContext.http;
  const headers = new Headers(given);
  for (const name of [CALLER, ADDRESS, 'transfer-encoding', 'content-length']) headers.delete(name);
  const claims = requestContext.authorizer?.jwt?.claims;
  if (claims !== undefined) headers.set(CALLER, encodeURIComponent(JSON.stringify(callerOf(claims))));
  headers.set(ADDRESS, sourceIp);
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const hasBody = bytes.length > 0 && method !== 'GET' && method !== 'HEAD';
  if (hasBody) headers.set('content-length', String(bytes.length));
  const url = new URL(rawPath, `https://${headers.get('host') ?? requestContext.domainName}`);
  url.search = rawQueryString;
  return new Request(url, { method, headers, ...(hasBody ? { body: bytes } : {}) });
};

const caller = v.object({ name: text, groups: v.array(text) });

/** Who sends a request, and null where nobody was asked for a token. */
export const callerOfRequest = ({ headers }: Request): Caller | null => {
  const known = headers.get(CALLER);
  return known === null ? null : v.parse(caller, JSON.parse(decodeURIComponent(known)));
};

/** What is settled behind API Gateway: TLS lets nobody in under another name, and no answer goes on and on. */
export const behindGateway = {
  addressOf: ({ headers }: Request): string => headers.get(ADDRESS) ?? '',
  isKnownHost: () => true,
  changes: null,
  limit: { perSecond: 200, atOnce: 64 },
};

const TEXT = /^(text\/|application\/(json|manifest\+json)|image\/svg)/;

/** The answer as API Gateway takes it: what is no text, or compressed, goes as base64. */
export const httpAnswer = async (response: Response): Promise<HttpAnswer> => {
  const bytes = Buffer.from(await response.arrayBuffer());
  const { headers } = response;
  const isText = !headers.has('content-encoding') && TEXT.test(headers.get('content-type') ?? 'text/plain');
  return {
    statusCode: response.status,
    headers: Object.fromEntries(headers),
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
};
