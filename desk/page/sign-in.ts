/**
 * Signing in by code and PKCE (RFC 7636), where the desk names a server for that: no secret is part of the page. The token
 * is kept for as long as the tab is open. A script of its own, which the page loads where it was not let in, or comes back.
 */

const { sessionStorage: kept, location: here } = globalThis;
/** The page sends what is kept under this name (ask.ts). */
const TOKEN = 'token';
const UNTIL = 'until';
const VERIFIER = 'verifier';
const STATE = 'state';
const BACK = 'back';

const base64url = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (one) =>
    one === '+' ? '-' : one === '/' ? '_' : '',
  );

const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

const askJson = async (path: string, init?: RequestInit): Promise<Readonly<Record<string, string>>> => {
  const response = await fetch(path, init);
  return response.ok ? await response.json() : {};
};

/** Goes to where people sign in; stays where somebody has, and is not let in all the same. */
const goThere = async (): Promise<void> => {
  const { address, client } = await askJson('/sign-in.json');
  if (address === undefined || client === undefined) return;
  const [verifier, state] = [random(), random()];
  kept.setItem(VERIFIER, verifier);
  kept.setItem(STATE, state);
  kept.setItem(BACK, here.pathname + here.search);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client,
    redirect_uri: `${here.origin}/`,
    scope: 'openid email profile',
    state,
    code_challenge: base64url(digest),
    code_challenge_method: 'S256',
  });
  here.assign(`${address}/oauth2/authorize?${query}`);
};

/** Takes the token that the code is good for, and goes on to where somebody wanted to be. */
const comeBack = async (given: URLSearchParams): Promise<void> => {
  kept.removeItem(STATE);
  const { address, client = '' } = await askJson('/sign-in.json');
  const { id_token: bearer, expires_in: seconds } = await askJson(`${address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client,
      code: given.get('code') ?? '',
      code_verifier: kept.getItem(VERIFIER) ?? '',
      redirect_uri: `${here.origin}/`,
    }),
  });
  if (bearer !== undefined) {
    kept.setItem(TOKEN, bearer);
    kept.setItem(UNTIL, String(Date.now() + Number(seconds) * 1000));
  }
  history.replaceState(null, '', kept.getItem(BACK) ?? '/');
};

const given = new URLSearchParams(here.search);
const state = kept.getItem(STATE);
if (state !== null && given.get('state') === state) await comeBack(given);
else if (Date.now() >= Number(kept.getItem(UNTIL))) await goThere();

export {};
