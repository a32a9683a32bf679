import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

export type HandedOver = Readonly<{ topic: string; payload: string | Uint8Array; receivedAt?: number }>;

/**
 * Hands a message to functions as AWS's rule does: asynchronously, so that a call which fails is made twice more and is
 * a dead letter then. The emulator's own rule calls once and forgets the call: where calls fail this stands in for it.
 */
export const handOver = async (
  client: LambdaClient,
  stack: string,
  functions: readonly ('store' | 'watch')[],
  { topic, payload, receivedAt = Date.now() }: HandedOver,
): Promise<void> => {
  const body = Buffer.from(payload).toString('base64');
  const event = Buffer.from(JSON.stringify({ body, topic, receivedAt, client: 'line-3' }));
  for (const name of functions) {
    await client.send(
      new InvokeCommand({ FunctionName: `${stack}-${name}`, InvocationType: 'Event', Payload: event }),
    );
  }
};
