import type { AedesOptions } from 'aedes';
import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';
import type { InFlight } from './in-flight.ts';
import type { Receive } from './received-message.ts';

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
