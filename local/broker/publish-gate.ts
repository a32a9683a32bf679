import type { AedesOptions } from 'aedes';
import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';

/** A message that a client published under the inference topic: its bytes as they came. */
export type ReceivedMessage = Readonly<{ topic: string; body: Uint8Array; clientId: string }>;

/** Resolves once the message is durably stored; rejects if it is not, and the client then sends it again. */
export type Receive = (message: ReceivedMessage) => Promise<void>;

/** What answers requests on the topics of device shadows; other topics under `$aws/things/` it ignores. */
export type ShadowTopics = Readonly<{ handle(topic: string, body: Uint8Array): Promise<void> }>;

/** What answers questions under `sentinel/ask/`, and ignores others. */
export type LineTopics = (topic: string, body: Uint8Array) => Promise<void>;

export type PublishGate = Readonly<{
  /**
   * The broker asks it before it acknowledges and forwards a PUBLISH, so the sender gets no answer until the message is
   * stored; an error ends the connection, and the client sends again what was not acknowledged.
   */
  authorize: NonNullable<AedesOptions['authorizePublish']>;
  /** Resolves when no message is being stored, or after `atMostMs`. */
  idle(atMostMs: number): Promise<void>;
}>;

export const createPublishGate = ({
  receive,
  shadow,
  line,
}: Readonly<{
  receive: Receive;
  shadow?: ShadowTopics | undefined;
  line?: LineTopics | undefined;
}>): PublishGate => {
  let inFlight = 0;
  let onIdle: () => void = () => undefined;

  const accept = (topic: string, body: Uint8Array, clientId: string): Promise<void> | null => {
    if (isInference(topic)) return receive({ topic, body, clientId });
    if (topic.startsWith('sentinel/ask/')) return line?.(topic, body) ?? null;
    return topic.startsWith('$aws/things/') ? (shadow?.handle(topic, body) ?? null) : null;
  };

  return {
    authorize: (client, { topic, payload }, done) => {
      if (topic.startsWith('$SYS/'))
        return done(new Error(`${topic} is the broker's own: publish on another topic`));
      const end = (error: Error | null): void => {
        done(error);
        inFlight -= 1;
        if (inFlight === 0) onIdle();
      };
      inFlight += 1;
      let accepted: Promise<void> | null;
      try {
        const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
        accepted = accept(topic, body, client?.id ?? '');
      } catch (error) {
        return end(refusal(topic, error));
      }
      if (accepted === null) return end(null);
      accepted.then(
        () => end(null),
        (error: unknown) => end(refusal(topic, error)),
      );
    },
    idle: (atMostMs) =>
      new Promise((resolve) => {
        if (inFlight === 0) return resolve();
        const timer = setTimeout(resolve, atMostMs);
        onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
};

const isInference = (topic: string): boolean =>
  topic.startsWith(INFERENCE_TOPIC) &&
  (topic.length === INFERENCE_TOPIC.length || topic[INFERENCE_TOPIC.length] === '/');

const refusal = (topic: string, cause: unknown): Error =>
  new Error(
    `a message on ${topic} was not taken in, so it was not acknowledged and the client will send it again: ` +
      (cause instanceof Error ? cause.message : String(cause)),
    { cause },
  );
