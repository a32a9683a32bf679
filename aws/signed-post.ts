import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Whose credentials and region sign what is asked. */
export type Signer = Pick<DynamoDBClient, 'config'>;

type Question = Readonly<{
  client: Signer;
  /** Under which name the service checks signatures, as `kms`. */
  service: string;
  /** Where it answers, as `https://kms.eu-central-1.amazonaws.com`. */
  endpoint: string;
  target: string;
  jsonVersion: '1.0' | '1.1';
  body: object;
  patienceMs: number;
  /** Whoever asked waits no longer. */
  signal?: AbortSignal;
}>;

/**
 * Asks a service once in JSON, where its own client would be one more package for one call. Rejects where there is no
 * answer, or an error. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export const signedPost = async (question: Question): Promise<unknown> => {
  const { client, service, endpoint, target, jsonVersion, patienceMs } = question;
  const body = JSON.stringify(question.body);
  const { hostname, port, protocol, host } = new URL(endpoint);
  const signer = await client.config.signer();
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path: '/',
      query: {},
      headers: { host, 'content-type': `application/x-amz-json-${jsonVersion}`, 'x-amz-target': target },
      body,
    },
    { signingService: service },
  );
  const patience = AbortSignal.timeout(patienceMs);
  const signal = question.signal === undefined ? patience : AbortSignal.any([patience, question.signal]);
  const answer = await fetch(endpoint, { method: 'POST', headers, body, signal });
  if (!answer.ok) throw new Error(`${target} was answered with ${answer.status}: ${await answer.text()}`);
  return await answer.json();
};
