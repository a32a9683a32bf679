import { readMessage } from '../../domain/message/read-message.ts';
import { createScorer, type GatewayProgress, runGateway } from '../../edge/gateway/run-gateway.ts';
import type { Model } from '../../edge/model/model.ts';
import { connectPublisher, MAX_QUEUED_IN_MEMORY } from '../../edge/publisher/connect-publisher.ts';
import type { Source } from '../../edge/sources/source.ts';
import type { Clock } from '../../edge/timing/timing.ts';

/** The time by which messages are received, ms. */
export type ReceiverClock = Readonly<{
  now(): number;
  /** When a message that is here now was received. */
  receivedAt(topic: string, body: Uint8Array): number;
}>;

/** Messages are received when they arrive, by the clock that the whole run lives by. */
export const arrivalClock = (clock: Clock): ReceiverClock => ({ now: clock.now, receivedAt: clock.now });

/**
 * A recording that is read as fast as it goes is received when its newest sample was taken: the clock stands still
 * until a later one comes, so that a replay gives the same however fast it ran.
 */
export const recordingClock = (startMs: number): ReceiverClock => {
  let now = startMs;
  return {
    now: () => now,
    receivedAt: (topic, body) => {
      const { samples } = readMessage({ topic, body, receivedAt: now, client: null });
      for (const { t } of samples) now = Math.max(now, t);
      return now;
    },
  };
};

type SweepTimes = Readonly<{
  /** Nothing is swept for so long after the start: what seems offline only because nothing ran here gets time to send. */
  graceMs: number;
  everyMs: number;
  signal: AbortSignal;
}>;

/** Sweeps at regular times by the clock until the signal; a sweep that takes long makes the next one late, not double. */
export const sweepByClock = async (
  clock: Clock,
  sweep: (now: number) => Promise<void>,
  { graceMs, everyMs, signal }: SweepTimes,
): Promise<void> => {
  await clock.sleepUntil(clock.now() + graceMs, signal);
  while (!signal.aborted) {
    await sweep(clock.now());
    await clock.sleepUntil(clock.now() + everyMs, signal);
  }
};

/** Sweeps a recording whenever its time has moved on by `everyMs`, in order with its messages. */
export const sweepByRecording = (
  sweep: (now: number) => Promise<void>,
  everyMs: number,
  startMs: number,
): ((now: number) => void) => {
  let nextMs = startMs + everyMs;
  return (now) => {
    if (now < nextMs) return;
    nextMs = now + everyMs;
    // Whether it failed is known to whoever waits for the messages behind it.
    sweep(now).catch(() => undefined);
  };
};

/** A gateway of this run's own: what it reads, scores and sends, and by what clock. */
type Feed = Readonly<{
  source: Source;
  gateway: string;
  /** Names this start; the same for the same recording, so that reading it twice stores nothing twice. */
  boot: string;
  model: Model;
  /** A model on trial, which scores too. */
  challenger?: Model | null;
  clock: Clock;
  /** `arrival`: as fast as it is acknowledged. */
  pace: 'clock' | 'arrival';
}>;

/** Runs the gateway over real MQTT until its source ends or the signal. Rejects when the broker cannot be reached. */
export const runFeed = async (feed: Feed, port: number, signal: AbortSignal): Promise<GatewayProgress> => {
  const { source, gateway, boot, model, challenger = null, clock, pace } = feed;
  const publisher = await connectPublisher({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: `${gateway}-${boot.slice(0, 8)}`,
    gateway,
    now: clock.now,
  });
  try {
    return await runGateway(
      { source, score: createScorer(model, challenger).score, publisher, clock },
      { boot, pace, maxQueued: MAX_QUEUED_IN_MEMORY, signal },
    );
  } finally {
    await publisher.close();
  }
};
