import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DeskUser } from '../../desk/api/desk-ports.ts';
import { COMMAND_TYPES } from '../../domain/alarm/commands/command.ts';
import { makeSecret } from '../run/data-folder.ts';
import { LocalError } from '../run/local-error.ts';

/** A key of SHA-256's own length, in hexadecimal. */
const KEY = /^[0-9a-f]{64}$/;

/** What the links of this folder are known by; each keeps what one says from what the key may be used for otherwise. */
export const openLinkKey = (path: string) => {
  makeSecret(path);
  const text = readFileSync(path, 'utf8').trim();
  if (!KEY.test(text))
    throw new LocalError(
      'NoLinkKey',
      `${path} holds no key: take it out of a backup, or remove it, and the links sent so far end`,
    );
  const key = Buffer.from(text, 'hex');
  return {
    mac: (payload: Uint8Array): Uint8Array =>
      createHmac('sha256', key).update('link ').update(payload).digest(),
  };
};

const COOKIE = 'sentinel-desk';
const YEAR_S = 31_536_000;

/** Whoever is let in where nobody has an account. */
export const ANYBODY: DeskUser = { name: null, role: 'engineer', actions: COMMAND_TYPES };

type Answer = (request: Request) => Response | Promise<Response>;

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/**
 * Lets in whoever has the token: by the address that is printed at the start, which leaves a cookie that no page can read
 * and no other site makes use of, or by the header `authorization: Bearer`.
 */
export const entrance = (token: string) => {
  const path = `/enter/${token}`;
  const given = ({ headers }: Request): readonly string[] => [
    headers.get('authorization')?.replace(/^Bearer /, '') ?? '',
    ...(headers.get('cookie') ?? '').split(/;\s*/).map((one) => one.replace(`${COOKIE}=`, '')),
  ];
  return {
    path,
    userOf: (request: Request): DeskUser | null =>
      given(request).some((one) => isSame(one, token)) ? ANYBODY : null,
    /** Answers who comes in; all else goes on. */
    before:
      (answer: Answer): Answer =>
      (request) => {
        const { pathname } = new URL(request.url);
        if (request.method !== 'GET' || !isSame(pathname, path)) return answer(request);
        const cookie = `${COOKIE}=${token}; Path=/; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict`;
        const headers = { location: '/', 'set-cookie': cookie, 'referrer-policy': 'no-referrer' };
        return new Response(null, { status: 303, headers });
      },
  };
};
