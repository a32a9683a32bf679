import { readMessage } from '../../domain/message/read-message.ts';
import type { Clock } from '../../edge/timing/clock.ts';

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
