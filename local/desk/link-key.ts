import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
