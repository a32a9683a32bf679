import * as v from 'valibot';
import { lastUsed } from '../last-used.ts';
import { type Signer, signedPost } from '../signed-post.ts';

type Options = Readonly<{
  client: Signer;
  /** Where the service answers, as `https://kms.eu-central-1.amazonaws.com`. */
  endpoint: string;
  keyId: string;
}>;

const macAnswer = v.object({ Mac: v.pipe(v.string(), v.base64()) });

const PATIENCE_MS = 2000;
const ATTEMPTS = 2;

/** A page that is open asks for the same link again and again. */
const MAX_REMEMBERED = 1000;

/**
 * Codes by an HMAC key of KMS, which never leaves it; the same message always has the same code. Rejects where KMS gives
 * none. https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
export const createKmsLinkKey = ({ client, endpoint, keyId }: Options) => {
  const known = lastUsed<Uint8Array>(MAX_REMEMBERED);

  const ask = async (Message: string): Promise<Uint8Array> => {
    const answer = await signedPost({
      client,
      service: 'kms',
      endpoint,
      target: 'TrentService.GenerateMac',
      jsonVersion: '1.1',
      body: { KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256', Message },
      patienceMs: PATIENCE_MS,
    });
    return Buffer.from(v.parse(macAnswer, answer).Mac, 'base64');
  };

  return {
    mac: async (payload: Uint8Array): Promise<Uint8Array> => {
      // Keeps what a link says from what the key may be used for otherwise.
      const message = Buffer.concat([Buffer.from('link '), payload]).toString('base64');
      const before = known.get(message);
      if (before !== undefined) return before;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const code = await ask(message);
          known.set(message, code);
          return code;
        } catch (error) {
          if (attempt >= ATTEMPTS) throw new Error('KMS gives no code for a link', { cause: error });
        }
      }
    },
  };
};
