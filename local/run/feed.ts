import { createScorer, type GatewayProgress, runGateway } from '../../edge/gateway/run-gateway.ts';
import type { Model } from '../../edge/model/model.ts';
import { connectPublisher, MAX_QUEUED_IN_MEMORY } from '../../edge/publisher/connect-publisher.ts';
import type { Source } from '../../edge/sources/source.ts';
import type { Clock } from '../../edge/timing/timing.ts';

/** A gateway of this run's own: what it reads, scores and sends, and by what clock. */
export type Feed = Readonly<{
  source: Source;
  gateway: string;
  /** Names this start; the same for the same recording, so that reading it twice stores nothing twice. */
  boot: string;
  model: Model;
  clock: Clock;
  /** `arrival`: as fast as it is acknowledged. */
  pace: 'clock' | 'arrival';
}>;

/** Runs the gateway over real MQTT until its source ends or the signal. Rejects when the broker cannot be reached. */
export const runFeed = async (feed: Feed, port: number, signal: AbortSignal): Promise<GatewayProgress> => {
  const { source, gateway, boot, model, clock, pace } = feed;
  const publisher = await connectPublisher({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: `${gateway}-${boot.slice(0, 8)}`,
    gateway,
    now: clock.now,
  });
  try {
    return await runGateway(
      { source, score: createScorer(model).score, publisher, clock },
      { boot, pace, maxQueued: MAX_QUEUED_IN_MEMORY, signal },
    );
  } finally {
    await publisher.close();
  }
};
