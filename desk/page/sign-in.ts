/**
 * Signing in at an authorization server by code and PKCE (RFC 7636), where the desk says that there is one: no secret is
 * part of the page. What it gives is kept for as long as the tab is open.
 */

type Server = Readonly<{ address: string; client: string }>;
type Tokens = Readonly<{ bearer: string; refresh: string | null; until: number }>;

const TOKENS = 'desk-tokens';
const UNDER_WAY = 'desk-sign-in';

/** A token that is about to expire is not sent any more, ms. */
const MARGIN_MS = 60_000;

const fieldsOf = (text: string | null): Readonly<Record<string, unknown>> => {
  try {
    return Object(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
};

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

let known: Promise<Server | null> | null = null;

const askServer = async (): Promise<Server | null> => {
  const response = await fetch('/sign-in.json', { cache: 'no-store' });
  if (!response.ok) return null;
  const { address, client } = fieldsOf(await response.text());
  return typeof address === 'string' && typeof client === 'string' ? { address, client } : null;
};

/** Where people sign in; null where nobody has to. */
const server = (): Promise<Server | null> => {
  known ??= askServer().catch(() => {
    known = null;
    return null;
  });
  return known;
};

const redirect = (): string => `${location.origin}/`;

const keptTokens = (): Tokens | null => {
  const { bearer, refresh, until } = fieldsOf(sessionStorage.getItem(TOKENS));
  if (typeof bearer !== 'string' || typeof until !== 'number') return null;
  return { bearer, refresh: typeof refresh === 'string' ? refresh : null, until };
};

/** Exchanges a code, or a token that lasts longer, for tokens; null where the server refuses. */
const exchange = async (
  { address, client }: Server,
  grant: Readonly<Record<string, string>>,
): Promise<Tokens | null> => {
  const response = await fetch(`${address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: client, ...grant }),
  });
  if (!response.ok) return null;
  const { id_token: bearer, refresh_token: refresh, expires_in: seconds } = fieldsOf(await response.text());
  if (typeof bearer !== 'string') return null;
  const tokens = {
    bearer,
    refresh: typeof refresh === 'string' ? refresh : (grant.refresh_token ?? null),
    until: Date.now() + Number(seconds) * 1000,
  };
  sessionStorage.setItem(TOKENS, JSON.stringify(tokens));
  return tokens;
};

let renewing: Promise<Tokens | null> | null = null;

/** However many requests wait for it, it is renewed once. */
const renewed = (refresh: string): Promise<Tokens | null> => {
  renewing ??= server()
    .then((at) =>
      at === null ? null : exchange(at, { grant_type: 'refresh_token', refresh_token: refresh }),
    )
    .finally(() => {
      renewing = null;
    });
  return renewing;
};

const isByLink = (path: string): boolean => path.startsWith('/api/link/');

const validTokens = async (): Promise<Tokens | null> => {
  const tokens = keptTokens();
  if (tokens === null || Date.now() < tokens.until - MARGIN_MS) return tokens;
  return tokens.refresh === null ? null : await renewed(tokens.refresh);
};

/** The header by which a request says who asks; none where nobody has signed in, or a link lets in. */
export const authorization = async (path: string): Promise<Readonly<Record<string, string>>> => {
  const tokens = isByLink(path) ? null : await validTokens();
  return tokens === null ? {} : { authorization: `Bearer ${tokens.bearer}` };
};

/** Goes to where people sign in, after a request that was refused for want of it; stays where somebody has. */
export const signInWhereNeeded = async (path: string): Promise<void> => {
  if (isByLink(path) || (await validTokens()) !== null) return;
  const at = await server();
  if (at === null) return;
  const [verifier, state] = [random(), random()];
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const back = `${location.pathname}${location.search}`;
  sessionStorage.setItem(UNDER_WAY, JSON.stringify({ verifier, state, back }));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: at.client,
    redirect_uri: redirect(),
    scope: 'openid email profile',
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  });
  location.assign(`${at.address}/oauth2/authorize?${query}`);
};

/** Where somebody comes back from signing in, takes the tokens and goes on to where they wanted to be. */
export const returnFromSignIn = async (): Promise<void> => {
  const given = new URLSearchParams(location.search);
  const code = given.get('code');
  const { verifier, state, back } = fieldsOf(sessionStorage.getItem(UNDER_WAY));
  if (code === null || typeof verifier !== 'string' || given.get('state') !== state) return;
  sessionStorage.removeItem(UNDER_WAY);
  const at = await server();
  const grant = {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirect(),
  };
  if (at !== null) await exchange(at, grant).catch(() => null);
  const isOwn = typeof back === 'string' && /^\/(?!\/)/.test(back);
  history.replaceState(null, '', isOwn ? back : '/');
};
