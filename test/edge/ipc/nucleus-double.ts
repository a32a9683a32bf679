import { setTimeout as sleep } from 'node:timers/promises';
import type { NucleusConnection } from '../../../edge/ipc/ipc-transport.ts';

/** What a nucleus answers a publish with; `drop` ends the connection without an answer. */
export type NucleusAnswer =
  | Readonly<{ kind: 'ok' }>
  | Readonly<{ kind: 'error'; shape: 'ServiceError' | 'UnauthorizedError'; message: string }>
  | Readonly<{ kind: 'drop' }>;

type Published = Readonly<{ topic: string; payload: string }>;

/**
 * Behaves as the Greengrass nucleus was measured to: offline it fails a publish at once; over some 5 KB it fails, at
 * 12 KB it drops the connection without an answer; of publishes at the same time it fails every other; a topic that the
 * accessControl does not have is denied; numbers and switches of the configuration come as strings.
 */
export type NucleusDouble = Readonly<{
  published: readonly Published[];
  /** The most publishes that were ever under way at a time. */
  maxAtOnce(): number;
  setOnline(isOnline: boolean): void;
  deny(topicPrefix: string): void;
  configure(configuration: Readonly<Record<string, unknown>>): void;
  configuration(): Readonly<Record<string, unknown>>;
  onConfigured(listener: () => void): void;
  publish(topic: string, payload: string): Promise<NucleusAnswer>;
}>;

const FAILS_FROM_BYTES = 5120;
const DROPS_FROM_BYTES = 12_288;
const ROUND_TRIP_MS = 1;

export const nucleusDouble = (first: Readonly<Record<string, unknown>> = {}): NucleusDouble => {
  const published: Published[] = [];
  const listeners: (() => void)[] = [];
  const denied: string[] = [];
  let configuration = first;
  let isOnline = true;
  let [underWay, most, crowded] = [0, 0, 0];

  async function answer(topic: string, payload: string): Promise<NucleusAnswer> {
    const bytes = Buffer.byteLength(payload);
    if (bytes >= DROPS_FROM_BYTES) return { kind: 'drop' };
    if (denied.some((prefix) => topic.startsWith(prefix))) return unauthorized(topic);
    if (!isOnline) return failed('Publish to IoT failed: the MQTT client is not connected');
    if (bytes > FAILS_FROM_BYTES) return failed('Publish to IoT failed: the payload is too large');
    crowded += underWay > 1 ? 1 : 0;
    const isTooMany = underWay > 1 && crowded % 2 === 1;
    await sleep(ROUND_TRIP_MS);
    if (isTooMany) return failed('Publish to IoT failed: too many publishes in flight');
    published.push({ topic, payload });
    return { kind: 'ok' };
  }

  return {
    published,
    maxAtOnce: () => most,
    setOnline(next) {
      isOnline = next;
    },
    deny: (prefix) => void denied.push(prefix),
    configure(next) {
      configuration = next;
      for (const listener of listeners) listener();
    },
    configuration: () => asText(configuration),
    onConfigured: (listener) => void listeners.push(listener),
    async publish(topic, payload) {
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        return await answer(topic, payload);
      } finally {
        underWay -= 1;
      }
    },
  };
};

const failed = (message: string): NucleusAnswer => ({ kind: 'error', shape: 'ServiceError', message });

const unauthorized = (topic: string): NucleusAnswer => {
  const message = `Principal GGMLInference is not authorized to perform aws.greengrass#PublishToIoTCore on resource ${topic}`;
  return { kind: 'error', shape: 'UnauthorizedError', message };
};

const asText = (configuration: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [
      key,
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    ]),
  );

/** A connection to the double without a socket; `drop` ends it as the loss of the socket would. */
export const connectToDouble = (double: NucleusDouble): NucleusConnection & Readonly<{ drop(): void }> => {
  const { promise: ended, resolve: drop } = Promise.withResolvers<void>();
  let isOpen = true;
  void ended.then(() => {
    isOpen = false;
  });
  const never = new Promise<never>(() => {});
  return {
    async publish(topic, payload) {
      if (!isOpen) return { ok: false, reason: 'failed', message: 'the client is closed' };
      const answer = await double.publish(topic, payload);
      if (answer.kind === 'drop') drop();
      if (answer.kind === 'drop' || !isOpen) return never;
      if (answer.kind === 'ok') return { ok: true };
      const reason = answer.shape === 'UnauthorizedError' ? 'denied' : 'failed';
      return { ok: false, reason, message: answer.message };
    },
    configuration: () => Promise.resolve(double.configuration()),
    onConfigurationChange: (changed) => Promise.resolve(double.onConfigured(changed)),
    ended,
    close: () => Promise.resolve(drop()),
    drop,
  };
};
