import type { RawMessage } from '../../domain/message/raw-message.ts';

/** A function to be called with an event, and what in its answer means that nothing was won. */
export type Call = Readonly<{
  functionName: string;
  event: unknown;
  /** Why the answer says that this has to stay where it is, or null. */
  refusal?: (answer: unknown) => string | null;
}>;

/** What was read in something that is kept: the calls that put it back, all of which have to succeed. */
export type Reading =
  | Readonly<{ kind: 'calls'; what: string; calls: readonly Call[] }>
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
