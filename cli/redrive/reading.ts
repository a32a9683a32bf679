import type { Call } from '../../aws/lambda/invoke.ts';
import type { RawMessage } from '../../domain/message/read-message.ts';

/** What was read in something that is kept: the calls that put it back, all of which have to succeed. */
export type Reading =
  | Readonly<{
      kind: 'calls';
      what: string;
      calls: readonly Call[];
      /** Why the functions will say that nothing was won, as far as this program can tell; null where they will not. */
      foreseen?: string | null;
    }>
  | Readonly<{ kind: 'unknown'; why: string }>;

export const unknown = (why: string): Reading => ({ kind: 'unknown', why });

/** The functions of a stack are the only ones that are ever called. */
export const isOfStack = (functionName: string, stack: string): boolean =>
  functionName.startsWith(`${stack}-`);

/** A message as the IoT rule hands it to the functions that read messages. */
export const messageEvent = ({ body, topic, receivedAt, client }: RawMessage) => ({
  body: Buffer.from(body).toString('base64'),
  topic,
  receivedAt,
  client,
});
