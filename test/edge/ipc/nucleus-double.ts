import { setTimeout as sleep } from 'node:timers/promises';
import type { NucleusConnection } from '../../../edge/ipc/nucleus-client.ts';
import { type NucleusBroker, nucleusBroker } from './nucleus-broker.ts';

/** What a nucleus answers a request with; `drop` ends the connection without an answer. */
export type DoubleAnswer =
  | Readonly<{ kind: 'ok' }>
  | Readonly<{ kind: 'error'; shape: 'ServiceError' | 'UnauthorizedError'; message: string }>
  | Readonly<{ kind: 'drop' }>;

type Published = Readonly<{ topic: string; payload: string }>;

/**
 * Behaves as the Greengrass nucleus was measured to: offline it fails a publish at once; over some 5 KB it fails, at
 * 12 KB it drops the connection without an answer; of publishes at the same time it fails every other; a topic that the
 * accessControl does not have is denied; numbers and switches of the configuration come as strings. It answers a publish
 * when it has written it to its connection, which is a broker's of its own with all that can happen to it.
 */
export type NucleusDouble = Readonly<{
  /** What has reached AWS IoT, but for echoes. */
  published: readonly Published[];
  /** Echoes that have reached AWS IoT. */
  echoes(): number;
  /** The most publishes that were ever under way at a time. */
  maxAtOnce(): number;
  /** Publishes that the nucleus did not take. */
  refused(): number;
  network: NucleusBroker;
  setOnline(isOnline: boolean): void;
  deny(topicPrefix: string): void;
  configure(configuration: Readonly<Record<string, unknown>>): void;
  configuration(): Readonly<Record<string, unknown>>;
  onConfigured(listener: () => void): void;
  publish(topic: string, payload: string): Promise<DoubleAnswer>;
  /** A subscription ends with the returned function. */
  subscribe(topic: string, onMessage: (payload: string) => void): DoubleAnswer & { end?: () => void };
}>;

const FAILS_FROM_BYTES = 5120;
const DROPS_FROM_BYTES = 12_288;
const ROUND_TRIP_MS = 1;
const ECHO = 'greengrass/ml/echo/';

export const nucleusDouble = (
  first: Readonly<Record<string, unknown>> = {},
  network = nucleusBroker(),
): NucleusDouble => {
  const published: Published[] = [];
  const listeners: (() => void)[] = [];
  const denied: string[] = [];
  let configuration = first;
  let isOnline = true;
  let [underWay, most, crowded, echoes, refused] = [0, 0, 0, 0, 0];
  network.onArrived((topic, payload) => {
    if (topic.startsWith(ECHO)) echoes += 1;
    else published.push({ topic, payload });
  });
  const isDenied = (topic: string) => denied.some((prefix) => topic.startsWith(prefix));

  async function answer(topic: string, payload: string): Promise<DoubleAnswer> {
    const bytes = Buffer.byteLength(payload);
    if (bytes >= DROPS_FROM_BYTES) return { kind: 'drop' };
    if (isDenied(topic)) return unauthorized();
    if (!isOnline) return failed('Publish to IoT failed: the MQTT client is not connected');
    if (bytes > FAILS_FROM_BYTES) return failed('Publish to IoT failed: the payload is too large');
    crowded += underWay > 1 ? 1 : 0;
    const isTooMany = underWay > 1 && crowded % 2 === 1;
    await sleep(ROUND_TRIP_MS);
    if (isTooMany) return failed('Publish to IoT failed: too many publishes in flight');
    return network.publish(topic, payload) ? { kind: 'ok' } : failed('Failed to publish to IoT Core.');
  }

  return {
    published,
    echoes: () => echoes,
    maxAtOnce: () => most,
    refused: () => refused,
    network,
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
        const answered = await answer(topic, payload);
        if (answered.kind === 'error') refused += 1;
        return answered;
      } finally {
        underWay -= 1;
      }
    },
    subscribe(topic, onMessage) {
      if (isDenied(topic)) return unauthorized();
      return { kind: 'ok', end: network.subscribe(topic, onMessage) };
    },
  };
};

const failed = (message: string): DoubleAnswer => ({ kind: 'error', shape: 'ServiceError', message });

/** Says nothing of rights but in its name, as nucleus lite does. */
const unauthorized = (): DoubleAnswer => ({
  kind: 'error',
  shape: 'UnauthorizedError',
  message: 'IPC Operation not allowed.',
});

const asText = (configuration: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, textOf(value)]));

const textOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value === 'object' && value !== null) return asText({ ...value });
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
};

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
      return plain(answer);
    },
    subscribe(topic, onMessage) {
      const answer = double.subscribe(topic, onMessage);
      void ended.then(() => answer.end?.());
      return Promise.resolve(plain(answer));
    },
    configuration: () => Promise.resolve(double.configuration()),
    onConfigurationChange: (changed) => Promise.resolve(double.onConfigured(changed)),
    ended,
    close: () => Promise.resolve(drop()),
    drop,
  };
};

const plain = (answer: DoubleAnswer): Awaited<ReturnType<NucleusConnection['publish']>> => {
  if (answer.kind !== 'error') return { ok: true };
  const reason = answer.shape === 'UnauthorizedError' ? 'denied' : 'failed';
  return { ok: false, reason, message: answer.message };
};
