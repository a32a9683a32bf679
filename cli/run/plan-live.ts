import { randomUUID } from 'node:crypto';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { createSourceReporter } from '../../edge/gateway/housekeeping.ts';
import type { Model } from '../../edge/model/model.ts';
import { mergeSources } from '../../edge/sources/source.ts';
import { realClock } from '../../edge/timing/timing.ts';
import { runFeed } from '../../local/run/run-time.ts';
import type { EdgeSources } from '../edge/edge-sources.ts';
import { say } from '../terminal/output.ts';
import { planByClock } from './run-live.ts';
import type { FeedPlan } from './run-options.ts';

const GATEWAY = 'local';
const TELL_EVERY_MS = 10_000;

/** Devices that are read here, by a gateway in this process: what it has not sent when it ends is lost with it. */
export const planLive = (
  sources: EdgeSources,
  policies: PolicyBook,
  { model, challenger }: Readonly<{ model: Model; challenger: Model | null }>,
): FeedPlan =>
  planByClock(
    () => realClock(1),
    { policies, speed: 1 },
    `devices that are read by the map, scored by ${model.name}${challenger === null ? '' : `, with ${challenger.name} on trial`}`,
    async (local, clock, signal) => {
      const { onEvent, tick, end } = createSourceReporter({
        report: () => undefined,
        log: ({ message }) => say(message),
        now: Date.now,
        monotonic: performance.now.bind(performance),
      });
      const telling = setInterval(tick, TELL_EVERY_MS);
      try {
        const source = mergeSources(await sources.open(onEvent), onEvent);
        const boot = randomUUID();
        await runFeed(
          { source, gateway: GATEWAY, boot, model, challenger, clock, pace: 'arrival' },
          local.port,
          signal,
        );
      } finally {
        clearInterval(telling);
        end();
        await sources.close();
      }
    },
  );
