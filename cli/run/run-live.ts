import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { newestSampleMs } from '../../domain/cylinder/cylinder-record.ts';
import type { Model } from '../../edge/model/model.ts';
import { QUEUED_MS } from '../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { randomSource, simulatedSource } from '../../edge/sources/generated-source.ts';
import type { Source, SourceSample } from '../../edge/sources/source.ts';
import { type Clock, realClock } from '../../edge/timing/timing.ts';
import type { Local } from '../../local/local-options.ts';
import type { RunFacts } from '../../local/run/data-folder.ts';
import { arrivalClock, runFeed, sweepByClock } from '../../local/run/run-time.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { say } from '../terminal/output.ts';
import { DEFAULT_CYLINDERS, DEFAULT_SEED, type FeedPlan } from './run-options.ts';

export type LineChoice = Readonly<{ kind: 'simulated' | 'random'; cylinders: number; seed: number }>;

/** The time of the last sample of each cylinder that earlier runs stored, ms. */
export type LastSeen = ReadonlyMap<string, number>;

const SECOND_MS = 1000;

/** Leaves out what earlier runs have stored. */
function* after(
  lastSeen: LastSeen,
  source: Iterable<readonly SourceSample[]>,
): Generator<readonly SourceSample[], void> {
  for (const batch of source) {
    yield batch.filter(({ cylinder, t }) => t > (lastSeen.get(cylinder) ?? Number.NEGATIVE_INFINITY));
  }
}

/**
 * The simulated line as its gateway sends it: its scenario begins a quarter of an hour before the first run on this data
 * folder, which is what the gateway has in its queue then; a later run goes on with each cylinder where the last one
 * ended, with a queue of at most a quarter of an hour.
 */
export const lineScenario = (
  { kind, cylinders, seed }: LineChoice,
  runFacts: RunFacts,
  nowMs: number,
  lastSeen: LastSeen,
): Source => {
  const wholeNowMs = Math.floor(nowMs / SECOND_MS) * SECOND_MS;
  const startMs = runFacts.number('line-start', wholeNowMs - QUEUED_MS);
  const line = createLine({ cylinders, seed, startMs });
  const nextMs = line.names.map((name) => (lastSeen.get(name) ?? startMs - SECOND_MS) + SECOND_MS);
  const fromMs = Math.max(wholeNowMs - QUEUED_MS, Math.min(...nextMs));
  const source =
    kind === 'random' ? randomSource({ cylinders: line.names, seed, fromMs }) : simulatedSource(line, fromMs);
  return after(lastSeen, source);
};

type LineOptions = Readonly<{
  source: 'simulated' | 'random';
  speed: number;
  cylinders?: number;
  seed?: number;
}>;

const SWEEP_EVERY_MS = 5_000;
const SLOWEST_SWEEP_MS = 60_000;

/** So far behind its clock a line is late for people, ms by the clock on the wall. */
const BEHIND_MS = 3_000;
const LOOK_EVERY_MS = 5_000;

/**
 * What to say of a line that is so far behind its clock, ms, by each look at it: that it falls behind, once it has done
 * so from one look to the next, and again when it is twice as far; null where there is nothing to say.
 */
export const paceReport = (speed: number): ((behindMs: number) => string | null) => {
  let before = Number.POSITIVE_INFINITY;
  let saidMs = 0;
  return (behindMs) => {
    const isFalling = behindMs > before && behindMs > BEHIND_MS * speed && behindMs > 2 * saidMs;
    before = behindMs;
    if (!isFalling) return null;
    saidMs = behindMs;
    return `falls behind: the line is ${durationText(behindMs)} behind its clock, which runs ${speed} times as fast; choose a lower --speed or fewer --cylinders`;
  };
};

const watchPace = async (local: Local, speed: number, signal: AbortSignal): Promise<void> => {
  const report = paceReport(speed);
  while (!signal.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const cylinders = await local.cylinders();
    const newestMs = newestSampleMs(cylinders.values()) ?? 0;
    const line = cylinders.size === 0 ? null : report(local.clock.now() - newestMs);
    if (line !== null && !signal.aborted) say(line);
  }
};

const AHEAD_MS = 60_000;

/** Says that a folder holds what lies in the future, which is nobody's wish: a clock was wrong, or is now. */
const sayAhead = (lastSeenMs: number | null): void => {
  if (lastSeenMs === null || lastSeenMs - Date.now() <= AHEAD_MS) return;
  say(
    `the data folder holds samples of ${utcText(lastSeenMs)}, ${durationText(lastSeenMs - Date.now())} ahead of this machine's clock: ` +
      'until then what comes counts as late. If this clock is right, start once with --set-clock-right, which takes out what lies ahead',
  );
};

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
      if (speed === 1) sayAhead(lastSeenMs);
      clock = clockFrom(lastSeenMs);
      return arrivalClock(clock);
    },
    feed: (local, signal) => {
      const sweeping = sweepByClock(clock, local.sweep, {
        graceMs: policies.default.staleAfterMs,
        everyMs: Math.min(SWEEP_EVERY_MS * speed, SLOWEST_SWEEP_MS),
        signal,
      });
      const done = Promise.all([
        feed(local, clock, signal),
        sweeping,
        ...(speed > 1 ? [watchPace(local, speed, signal)] : []),
      ]);
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
export const planLine = (
  options: LineOptions,
  policies: PolicyBook,
  { model, challenger }: Readonly<{ model: Model; challenger: Model | null }>,
): FeedPlan => {
  const { source, speed, cylinders = DEFAULT_CYLINDERS, seed = DEFAULT_SEED } = options;
  const fast = speed === 1 ? '' : `; the clock runs ${speed} times as fast, for the simulated line only`;
  return planByClock(
    // The clock never stands before what the last run saw, however fast that one went.
    (lastSeenMs) => realClock(speed, Math.max(Date.now(), (lastSeenMs ?? 0) + 1000)),
    { policies, speed },
    `${source} line of ${cylinders} cylinders, scored by ${model.name}${challenger === null ? '' : `, with ${challenger.name} on trial`}${fast}`,
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
        {
          source: scenario,
          gateway: 'simulated',
          boot: randomUUID(),
          model,
          challenger,
          clock,
          pace: 'clock',
        },
        local.port,
        signal,
      );
    },
  );
};
