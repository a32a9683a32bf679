import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { lastUsed } from '../last-used.ts';

type Options = Readonly<{
  /** Whose credentials sign what is asked: the SDK's own client of KMS would be one more package for one call. */
  client: Pick<DynamoDBClient, 'config'>;
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
  const { hostname, port, protocol, host } = new URL(endpoint);

  const ask = async (message: string): Promise<Uint8Array> => {
    const body = JSON.stringify({ KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256', Message: message });
    const signer = await client.config.signer();
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol,
        hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        path: '/',
        query: {},
        headers: {
          host,
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'TrentService.GenerateMac',
        },
        body,
      },
      { signingService: 'kms' },
    );
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: signed.headers,
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`KMS gives no code for a link: ${answer.status} ${await answer.text()}`);
    return Buffer.from(v.parse(macAnswer, await answer.json()).Mac, 'base64');
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
          if (attempt >= ATTEMPTS) throw error;
        }
      }
    },
  };
};
