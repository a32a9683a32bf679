import { randomUUID } from 'node:crypto';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { Model } from '../../edge/model/model.ts';
import { type Clock, realClock } from '../../edge/timing/clock.ts';
import type { Local } from '../../local/main.ts';
import { runFeed } from '../../local/run/feed.ts';
import { lineScenario } from '../../local/run/line-scenario.ts';
import { arrivalClock } from '../../local/run/receiver-clock.ts';
import { sweepByClock } from '../../local/run/sweeper.ts';
import { DEFAULT_CYLINDERS, DEFAULT_SEED, type FeedPlan } from './run-options.ts';

type LineOptions = Readonly<{
  source: 'simulated' | 'random';
  speed: number;
  cylinders?: number;
  seed?: number;
}>;

const SWEEP_EVERY_MS = 5_000;
const SLOWEST_SWEEP_MS = 60_000;

/** A run by a clock that goes `speed` times as fast as the machine's, swept as time goes by. */
export const planByClock = (
  clockFrom: (lastSeenMs: number | null) => Clock,
  { policies, speed }: Readonly<{ policies: PolicyBook; speed: number }>,
  description: string,
  feed: (local: Local, clock: Clock, signal: AbortSignal) => Promise<unknown>,
): FeedPlan => {
  let clock = realClock(speed);
  return {
    clockFrom: (lastSeenMs) => {
      clock = clockFrom(lastSeenMs);
      return arrivalClock(clock);
    },
    feed: (local, signal) => {
      const sweeping = sweepByClock(clock, local.sweep, {
        graceMs: policies.default.staleAfterMs,
        everyMs: Math.min(SWEEP_EVERY_MS * speed, SLOWEST_SWEEP_MS),
        signal,
      });
      const done = Promise.all([feed(local, clock, signal), sweeping]);
      return { description, ends: false, done: done.then(() => undefined) };
    },
  };
};

/** Nothing but the devices that connect. */
export const planDevices = (policies: PolicyBook): FeedPlan =>
  planByClock(
    () => realClock(1),
    { policies, speed: 1 },
    'your devices',
    (_, clock, signal) => clock.sleepUntil(Number.POSITIVE_INFINITY, signal),
  );

/** The simulated line, or one of random values, at its own pace. */
export const planLine = (options: LineOptions, policies: PolicyBook, model: Model): FeedPlan => {
  const { source, speed, cylinders = DEFAULT_CYLINDERS, seed = DEFAULT_SEED } = options;
  const fast = speed === 1 ? '' : `; the clock runs ${speed} times as fast, for the simulated line only`;
  return planByClock(
    // The clock never stands before what the last run saw, however fast that one went.
    (lastSeenMs) => realClock(speed, Math.max(Date.now(), (lastSeenMs ?? 0) + 1000)),
    { policies, speed },
    `${source} line of ${cylinders} cylinders, scored by ${model.name}${fast}`,
    async (local, clock, signal) => {
      const choice = { kind: source, cylinders, seed };
      const records = await local.cylinders();
      const lastSeen = new Map(
        [...records].flatMap(([name, { statistics }]) =>
          statistics === null ? [] : [[name, statistics.last.t] as const],
        ),
      );
      const scenario = lineScenario(choice, local.runFacts, clock.now(), lastSeen);
      await runFeed(
        { source: scenario, gateway: 'simulated', boot: randomUUID(), model, clock, pace: 'clock' },
        local.port,
        signal,
      );
    },
  );
};
