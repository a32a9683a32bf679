import { createWakeSignal } from '../timing/wake-signal.ts';
import type { Published, Transport } from '../transport/transport.ts';

/** What the nucleus said of a publish: `denied` is for a right that is missing, `failed` for everything that may pass. */
export type PublishAnswer =
  | Readonly<{ ok: true }>
  | Readonly<{ ok: false; reason: 'denied' | 'failed'; message: string }>;

/** A connection to the Greengrass nucleus that started this process, from its acceptance to its end. */
export type NucleusConnection = Readonly<{
  /** Publishes to AWS IoT Core with QoS 1. May never settle: a connection that ends takes its answers with it. */
  publish(topic: string, payload: string): Promise<PublishAnswer>;
  /** The component's configuration as it is now; numbers and switches may have become strings on their way. */
  configuration(): Promise<unknown>;
  /** Calls back whenever the configuration has changed, from when this has resolved on. */
  onConfigurationChange(changed: () => void): Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}>;

/** Connects to the nucleus, or rejects with what is wrong. */
export type ConnectNucleus = () => Promise<NucleusConnection>;

/** What happens to the way to AWS IoT Core, for people to know. */
export type IpcEvent = Readonly<{ kind: 'refused'; message: string }> | Readonly<{ kind: 'back' }>;

export type IpcTransportParts = Readonly<{
  /** The connection to begin with; it stays its owner's, who closes it. */
  first: NucleusConnection;
  /** Opens another one when that got stuck. */
  connect: ConnectNucleus;
  /** Notified once when there is no connection any more and none to be had: only a new start helps then. */
  onLost: (message: string) => void;
  onEvent?: (event: IpcEvent) => void;
}>;

/** Above 5 KB the nucleus fails a publish; at 12 KB it drops the connection without an answer. */
export const MAX_BYTES = 5000;

/** Pauses after failures in a row, ms; the last one repeats. Offline the nucleus fails at once: asking again costs little. */
const PAUSES_MS = [200, 500, 1000, 2000, 5000];
const LOST = {
  ok: false,
  reason: 'offline',
  message: 'the connection to the nucleus was lost',
} as const satisfies Published;

/**
 * A way out through the nucleus. To be used for one publish at a time: of many at once the nucleus fails half. A publish
 * that lost its answer ends with the connection; what got stuck is repeated on a new one.
 */
export const createIpcTransport = (
  parts: IpcTransportParts,
  pausesMs: readonly number[] = PAUSES_MS,
): Transport => {
  const { first, connect, onLost, onEvent = () => {} } = parts;
  const wake = createWakeSignal();
  const closing = new AbortController();
  const waiting = new Set<() => void>();
  let failures = 0;
  let current: NucleusConnection = first;
  let reconnecting: Promise<void> = Promise.resolve();
  watch(first);

  function watch(connection: NucleusConnection): void {
    void connection.ended.then(() => {
      if (connection !== current) return;
      for (const giveUp of waiting) giveUp();
      if (!closing.signal.aborted) onLost(LOST.message);
    });
  }

  async function reconnect(stuck: NucleusConnection): Promise<void> {
    try {
      const next = await connect();
      current = next;
      watch(next);
      if (stuck !== first) await stuck.close();
      if (closing.signal.aborted) await next.close();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!closing.signal.aborted) onLost(`the nucleus does not answer any more: ${reason}`);
    }
  }

  /** Null when the connection ends first: then the answer never comes. */
  function answerOf(publishing: Promise<PublishAnswer>): Promise<PublishAnswer | null> {
    return new Promise((resolve, reject) => {
      const giveUp = () => resolve(null);
      waiting.add(giveUp);
      publishing.then(resolve, reject).finally(() => waiting.delete(giveUp));
    });
  }

  function settle(published: Published): Published {
    if (published.ok) {
      if (failures > 0) onEvent({ kind: 'back' });
      failures = 0;
    } else {
      if (failures === 0) onEvent({ kind: 'refused', message: published.message });
      failures += 1;
    }
    return published;
  }

  return {
    async ready(signal) {
      await reconnecting;
      const pauseMs = failures === 0 ? 0 : (pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 1000);
      if (pauseMs > 0) await wake.wait(pauseMs, AbortSignal.any([signal, closing.signal]));
    },
    async publish(topic, payload) {
      if (Buffer.byteLength(payload) > MAX_BYTES) return settle(tooLarge(topic, payload));
      const answer = await answerOf(current.publish(topic, payload));
      if (answer === null) return settle(LOST);
      if (answer.ok) return settle(answer);
      return settle(
        answer.reason === 'denied' ? denied(topic, answer.message) : { ...answer, reason: 'offline' },
      );
    },
    reset() {
      failures += 1;
      for (const giveUp of waiting) giveUp();
      waiting.clear();
      reconnecting = reconnect(current);
    },
    async close() {
      closing.abort();
      await reconnecting;
      if (current !== first) await current.close();
    },
  };
};

const denied = (topic: string, reason: string): Published => {
  const message =
    `the nucleus denies publishing to ${topic} (${reason}); allow aws.greengrass#PublishToIoTCore on it ` +
    'in the accessControl of the component (aws.greengrass.ipc.mqttproxy)';
  return { ok: false, reason: 'fatal', message };
};

const tooLarge = (topic: string, payload: string): Published => {
  const bytes = Buffer.byteLength(payload);
  const message = `a message of ${bytes} bytes to ${topic} is larger than the nucleus takes (${MAX_BYTES})`;
  return { ok: false, reason: 'fatal', message };
};
