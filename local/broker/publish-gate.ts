import type { AedesOptions } from 'aedes';
import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';

/** A message that a client published under the inference topic: its bytes as they came. */
export type ReceivedMessage = Readonly<{ topic: string; body: Uint8Array; clientId: string }>;

/** Resolves once the message is durably stored; rejects if it is not, and the client then sends it again. */
export type Receive = (message: ReceivedMessage) => Promise<void>;

/** What answers requests on the topics of device shadows; other topics under `$aws/things/` it ignores. */
export type ShadowTopics = Readonly<{ handle(topic: string, body: Uint8Array): Promise<void> }>;

type AuthorizePublish = NonNullable<AedesOptions['authorizePublish']>;
type Gate = Readonly<{ receive: Receive; shadow: ShadowTopics | undefined; inFlight: InFlight }>;

/**
 * The broker asks it before it acknowledges and forwards a PUBLISH, so the sender hears nothing until the message is
 * stored; an error ends the connection, and the client sends again what was not acknowledged.
 */
export const createPublishGate = ({ receive, shadow, inFlight }: Gate): AuthorizePublish => {
  const accept: Accept = (topic, body, clientId) => {
    if (isInference(topic)) return receive({ topic, body, clientId });
    return topic.startsWith('$aws/things/') ? (shadow?.handle(topic, body) ?? null) : null;
  };

  return (client, packet, done) => {
    const { topic, payload } = packet;
    if (topic.startsWith('$SYS/'))
      return done(new Error(`${topic} is the broker's own: publish on another topic`));
    let accepted: Promise<void> | null;
    try {
      accepted = accept(
        topic,
        typeof payload === 'string' ? Buffer.from(payload) : payload,
        client?.id ?? '',
      );
    } catch (error) {
      return done(refusal(topic, error));
    }
    if (accepted === null) return done(null);
    inFlight.begin();
    accepted.then(
      () => {
        done(null);
        inFlight.end();
      },
      (error: unknown) => {
        done(refusal(topic, error));
        inFlight.end();
      },
    );
  };
};

type Accept = (topic: string, body: Uint8Array, clientId: string) => Promise<void> | null;

const isInference = (topic: string): boolean =>
  topic.startsWith(INFERENCE_TOPIC) &&
  (topic.length === INFERENCE_TOPIC.length || topic[INFERENCE_TOPIC.length] === '/');

const refusal = (topic: string, cause: unknown): Error =>
  new Error(
    `a message on ${topic} was not taken in, so it was not acknowledged and the client will send it again: ` +
      (cause instanceof Error ? cause.message : String(cause)),
    { cause },
  );

/** Counts work that has begun and not ended. */
export type InFlight = Readonly<{
  begin(): void;
  end(): void;
  /** Resolves when nothing is in flight, or after `atMostMs`. */
  idle(atMostMs: number): Promise<void>;
}>;

export const createInFlight = (): InFlight => {
  let count = 0;
  let wake: (() => void) | null = null;
  return {
    begin: () => {
      count += 1;
    },
    end: () => {
      count -= 1;
      if (count === 0) wake?.();
    },
    idle: (atMostMs) =>
      new Promise((resolve) => {
        if (count === 0) return resolve();
        const timer = setTimeout(resolve, atMostMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
};
