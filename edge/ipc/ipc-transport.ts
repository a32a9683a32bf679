import { pause, untilAborted } from '../timing/timing.ts';
import type { Published, Transport } from '../transport/transport.ts';
import { type ConfirmationTiming, createConfirmation, NUCLEUS_TIMING, packetBytes } from './confirmation.ts';
import type { NucleusAnswer, NucleusClient, NucleusConnection } from './nucleus-client.ts';

/** What happens to the way to AWS IoT Core, for people to know. */
export type IpcEvent = Readonly<{ kind: 'refused'; message: string }> | Readonly<{ kind: 'back' }>;

export type IpcTransportParts = Readonly<{
  /** Stays its owner's, who closes it. */
  nucleus: NucleusClient;
  /** Where an echo goes to and comes back from. */
  echoTopic: string;
  onEvent?: (event: IpcEvent) => void;
}>;

export type IpcTransportOptions = Readonly<{
  /** Pauses after failures in a row, ms; the last one repeats. Offline the nucleus fails at once: asking again costs little. */
  pausesMs?: readonly number[];
  timing?: ConfirmationTiming;
}>;

/** Above 5 KB the nucleus fails a publish; at 12 KB it drops the connection without an answer. */
export const MAX_BYTES = 5000;

const PAUSES_MS = [200, 500, 1000, 2000, 5000];
/** One failure alone is no outage. */
const OUTAGE_AT = 2;
const SUBSCRIBE_AGAIN_MS = 5000;
const LOST = {
  ok: false,
  reason: 'offline',
  message: 'the connection to the nucleus was lost',
} as const satisfies Published;

/**
 * A way out through the nucleus. To be used for one publish at a time: of many at once the nucleus fails half. What it
 * took is confirmed later, by an echo or by time; a publish that lost its answer ends with the connection.
 */
export const createIpcTransport = (
  { nucleus, echoTopic, onEvent = () => {} }: IpcTransportParts,
  { pausesMs = PAUSES_MS, timing = NUCLEUS_TIMING }: IpcTransportOptions = {},
): Transport => {
  const closing = new AbortController();
  let failures = 0;
  /** Aborted when no answer that is awaited will come any more. */
  let answers = new AbortController();
  let used: NucleusConnection | null = null;
  let echo: 'none' | 'subscribed' | 'denied' = 'none';
  let subscribeAtMs = 0;
  const confirmation = createConfirmation({
    timing,
    echo: () => (echo === 'subscribed' ? sendEcho : null),
    repeat: async (topic, payload) => (await handOver(topic, payload))?.ok === true,
    onDoubt: (message) => void settle({ ok: false, reason: 'offline', message }),
  });

  /** Null when the connection ends first: then the answer never comes. */
  async function answerOf(asking: Promise<NucleusAnswer>): Promise<NucleusAnswer | null> {
    return (await untilAborted(asking, answers.signal)) ?? null;
  }

  function loseAnswers(): void {
    answers.abort();
    answers = new AbortController();
    confirmation.doubt();
  }

  function handOver(topic: string, payload: string): Promise<NucleusAnswer | null> {
    return used === null ? Promise.resolve(null) : answerOf(used.publish(topic, payload));
  }

  async function sendEcho(text: string): Promise<boolean> {
    const answer = await handOver(echoTopic, text);
    if (answer?.ok === false && answer.reason === 'denied') echo = 'denied';
    return answer?.ok === true;
  }

  /** Takes up the connection that there is, and asks it for the echoes. */
  async function prepare(): Promise<void> {
    const connection = nucleus.current();
    if (connection !== used) {
      used = connection;
      echo = 'none';
      subscribeAtMs = 0;
      confirmation.doubt();
      void connection?.ended.then(() => {
        if (connection === used) loseAnswers();
      });
    }
    if (connection === null || echo !== 'none' || performance.now() < subscribeAtMs) return;
    subscribeAtMs = performance.now() + SUBSCRIBE_AGAIN_MS;
    const answer = await answerOf(connection.subscribe(echoTopic, confirmation.echoed));
    if (answer?.ok) echo = 'subscribed';
    else if (answer?.reason === 'denied') echo = 'denied';
  }

  function settle(published: Published): Published {
    if (published.ok) {
      if (failures >= OUTAGE_AT) onEvent({ kind: 'back' });
      failures = 0;
    } else {
      failures += 1;
      if (failures === OUTAGE_AT) onEvent({ kind: 'refused', message: published.message });
      confirmation.doubt();
    }
    return published;
  }

  return {
    async ready(signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      const pauseMs = failures === 0 ? 0 : (pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 1000);
      if (pauseMs > 0) await pause(pauseMs, either);
      // Asked last: a connection that is being replaced is gone only a moment after the reset.
      await nucleus.ready(either);
    },
    async publish(topic, payload) {
      if (Buffer.byteLength(payload) > MAX_BYTES) return settle(tooLarge(topic, payload));
      const before = answers;
      await prepare();
      await confirmation.room(packetBytes(topic, payload));
      // Who asked may have given up meanwhile and have another one on its way.
      const answer = before === answers ? await handOver(topic, payload) : null;
      if (answer === null) return settle(LOST);
      if (answer.ok) {
        settle(answer);
        return { ok: true, confirmed: confirmation.accepted(topic, payload) };
      }
      return settle(
        answer.reason === 'denied' ? denied(topic, answer.message) : { ...answer, reason: 'offline' },
      );
    },
    reset() {
      loseAnswers();
      nucleus.reset();
    },
    close() {
      closing.abort();
      confirmation.close();
      return Promise.resolve();
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
