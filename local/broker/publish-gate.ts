import type { AedesOptions, Client, PublishPacket } from 'aedes';
import { INFERENCE_TOPIC, isTopicOf } from '../../domain/message/topic.ts';
import {
  type Identity,
  isReserved,
  isUnder,
  LOCAL,
  mayPublish,
  nameOfIdentity,
  shadowRights,
} from '../access/access-rules.ts';
import { ClientRefused } from '../run/local-error.ts';
import type { ShadowAccess } from '../shadow/answer-request.ts';
import { type Allowance, type Bounds, createAllowance } from './bounds.ts';
import type { RetainedMessages } from './retained-messages.ts';

type Bound = Readonly<{ messages: number; bytes: number }>;
type Start = () => void;

/** Lets a task of a client begin when there is room and it is that client's turn; resolves or rejects as the task does. */
type FairIntake = <T>(client: object | string, bytes: number, task: () => Promise<T>) => Promise<T>;

/**
 * Bounds what is under way, and takes what waits from each client in turn, in that client's order: whoever sends a flood
 * waits behind it, and others wait for what is under way and no longer.
 */
export const createFairIntake = (bound: Bound): FairIntake => {
  const queues = new Map<object | string, Start[]>();
  let messages = 0;
  let bytes = 0;

  const hasRoom = (): boolean => messages === 0 || (messages < bound.messages && bytes < bound.bytes);
  const begin = (): void => {
    while (hasRoom()) {
      const [first] = queues;
      if (first === undefined) return;
      const [client, queue] = first;
      const next = queue.shift();
      queues.delete(client);
      // To the end of the line: the others come first.
      if (queue.length > 0) queues.set(client, queue);
      next?.();
    }
  };

  return async (client, size, task) => {
    if (!hasRoom() || queues.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const start = (): void => {
        messages += 1;
        bytes += size;
        resolve();
      };
      const queue = queues.get(client);
      if (queue === undefined) queues.set(client, [start]);
      else queue.push(start);
      await promise;
    } else {
      messages += 1;
      bytes += size;
    }
    try {
      return await task();
    } finally {
      messages -= 1;
      bytes -= size;
      begin();
    }
  };
};

/** A message that a client published under the inference topic: its bytes as they came. */
export type ReceivedMessage = Readonly<{ topic: string; body: Uint8Array; clientId: string }>;

/** Resolves once the message is durably stored; rejects if it is not, and the client then sends it again. */
export type Receive = (message: ReceivedMessage) => Promise<void>;

/** What answers requests on the topics of device shadows; other topics under `$aws/things/` it ignores. */
export type ShadowTopics = Readonly<{
  handle(topic: string, body: Uint8Array, access: ShadowAccess): Promise<void>;
}>;

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

export type PublishGateParts = Readonly<{
  receive: Receive;
  topics?: readonly string[] | undefined;
  shadow?: ShadowTopics | undefined;
  line?: LineTopics | undefined;
  identityOf: (client: Client) => Identity;
  retained: Pick<RetainedMessages, 'admit'>;
  bounds: Pick<Bounds, 'shadowWrites' | 'storing'>;
  nowMs: () => number;
}>;

/** What asking for the line costs of the allowance of which a change of a shadow takes 1: it looks at every cylinder. */
const ASKING_COST = 10;

export const createPublishGate = (parts: PublishGateParts): PublishGate => {
  const { receive, topics = [], shadow, line, identityOf, retained, bounds, nowMs } = parts;
  const intake = createFairIntake(bounds.storing);
  const allowances = new WeakMap<object, Allowance>();
  let inFlight = 0;
  let onIdle: () => void = () => undefined;

  /** Whether a client may ask for so much more by now. */
  const mayAsk = (client: Client | null, cost: number): boolean => {
    if (client === null) return true;
    const allowance = allowances.get(client) ?? createAllowance(bounds.shadowWrites);
    allowances.set(client, allowance);
    return allowance.take(cost, nowMs());
  };
  const askShadow = (client: Client | null, topic: string, body: Uint8Array): Promise<void> | null => {
    const rights = shadowRights(client === null ? LOCAL : identityOf(client));
    const isTooMany = !topic.endsWith('/get') && !mayAsk(client, 1);
    return shadow?.handle(topic, body, { ...rights, mayReport: false, isTooMany }) ?? null;
  };
  const accept = (client: Client | null, topic: string, body: Uint8Array): Promise<void> | null => {
    // No filter takes what is for the program itself.
    const isOwn = topic.startsWith('$') || isUnder(topic, 'sentinel');
    if (isUnder(topic, INFERENCE_TOPIC) || (!isOwn && topics.some((filter) => isTopicOf(filter, topic))))
      return intake(client ?? '', body.length, () => receive({ topic, body, clientId: client?.id ?? '' }));
    if (topic.startsWith('$aws/things/')) return askShadow(client, topic, body);
    if (!topic.startsWith('sentinel/ask/') || line === undefined) return null;
    if (!mayAsk(client, ASKING_COST)) throw new ClientRefused('TooMany', 'it asks too often: wait a second');
    return line(topic, body);
  };

  /** Throws where a client may not publish that; a message that may be taken in without being kept is not kept. */
  const check = (client: Client, packet: PublishPacket): void => {
    const { topic, payload, retain } = packet;
    if (!mayPublish(identityOf(client), topic))
      throw new ClientRefused(
        'Forbidden',
        `${nameOfIdentity(identityOf(client))} may not publish on ${topic}`,
      );
    if (!retain || isReserved(topic)) return;
    if (topic.startsWith('$')) packet.retain = false;
    else if (!retained.admit(client.id, topic, payload.length)) {
      if (!isUnder(topic, INFERENCE_TOPIC))
        throw new ClientRefused(
          'TooMany',
          `it would have more retained messages than there is room for (${topic})`,
        );
      packet.retain = false;
    }
  };

  return {
    authorize: (client, packet, done) => {
      const { topic, payload } = packet;
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
        if (client !== null) check(client, packet);
        accepted = accept(client, topic, typeof payload === 'string' ? Buffer.from(payload) : payload);
      } catch (error) {
        return end(error instanceof ClientRefused ? error : refusal(topic, error));
      }
      if (accepted === null) return end(null);
      accepted.then(
        () => end(null),
        (error: unknown) => end(error instanceof ClientRefused ? error : refusal(topic, error)),
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

const refusal = (topic: string, cause: unknown): Error =>
  new Error(
    `a message on ${topic} was not taken in, so it was not acknowledged and the client will send it again: ` +
      (cause instanceof Error ? cause.message : String(cause)),
    { cause },
  );
