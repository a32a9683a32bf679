import type { Notice } from '../../domain/notice/notice.ts';
import type { Clock } from '../../edge/timing/timing.ts';
import type { Deliveries } from '../ledger/sqlite-deliveries.ts';
import type { Channel, DeliveryOutcome, OutageReport } from './channel.ts';

export type DeliveryWorkerOptions = Readonly<{
  channel: Channel;
  deliveries: Deliveries;
  report: OutageReport;
  /** Keeps a refused notice where a person finds it; throws where it cannot. */
  keepRefused: (notice: Notice, reason: string) => void;
  clock: Clock;
  /** From 0 to below 1: so that several programs do not all try again at the same moment. */
  random: () => number;
  /** What has waited longer is dropped. */
  retentionMs: number;
  /** Nothing is tried before this time, ms. */
  firstAt?: number;
  /** The file of the deliveries failed: the worker has ended. */
  fail: (error: unknown) => void;
}>;

export type DeliveryWorker = Readonly<{
  /** Something new waits. */
  wake(): void;
  /** Resolves when all that waited has been told, or waits to be tried again. */
  settled(): Promise<void>;
  /** Ends; what is under way gets `graceMs`, and what is not told by then waits for the next start. */
  close(graceMs: number): Promise<void>;
}>;

const FIRST_BACKOFF_MS = 1000;
const MAX_PAUSE_MS = 60_000;
const EXPIRE_EVERY_MS = 3_600_000;

/** So many failures in a row are the channel's and not the notice's. */
const OUTAGE_FAILURES = 2;

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/**
 * Tells by one channel what waits for it, one notice at a time. A failure holds up only the later notices of the same
 * cylinder or gateway: the channel pauses, longer each time, and goes on with the next. At least once: what was told
 * and not noted before a kill is told again, with the same id.
 */
export const startDeliveryWorker = (options: DeliveryWorkerOptions): DeliveryWorker => {
  const { channel, deliveries, report, keepRefused, clock, random, retentionMs, firstAt = 0, fail } = options;
  const stopping = new AbortController();
  const failed = new Map<number, Readonly<{ attempts: number; at: number }>>();
  let wakeUp = new AbortController();
  let failures = 0;
  let channelAt = firstAt;
  let expireAt = 0;
  let isResting = false;
  let onRest: (() => void)[] = [];

  const pauseMs = (attempts: number): number =>
    Math.min(FIRST_BACKOFF_MS * 2 ** (attempts - 1), MAX_PAUSE_MS) * (0.5 + random() / 2);

  const countWaiting = (): number => deliveries.waiting().get(channel.name) ?? 0;

  const expire = (now: number): void => {
    if (now < expireAt) return;
    expireAt = now + EXPIRE_EVERY_MS;
    const dropped = deliveries.expire(channel.name, now - retentionMs);
    for (const id of dropped) failed.delete(id);
    if (dropped.length > 0) report.dropped(dropped.length);
  };

  /** What can be tried now, or else the time at which something can. */
  const next = (now: number): Readonly<{ id: number }> | Readonly<{ at: number }> => {
    const heads = deliveries.heads(channel.name);
    if (heads.length === 0) return { at: expireAt };
    const at = (id: number): number => Math.max(channelAt, failed.get(id)?.at ?? 0);
    // Those that failed least first, so that one that always fails does not take every turn.
    const [due] = heads
      .filter((id) => at(id) <= now)
      .toSorted((a, b) => (failed.get(a)?.attempts ?? 0) - (failed.get(b)?.attempts ?? 0));
    return due === undefined ? { at: Math.min(expireAt, ...heads.map(at)) } : { id: due };
  };

  const attempt = async (id: number): Promise<DeliveryOutcome> => {
    const notice = deliveries.notice(id);
    const outcome = await channel.deliver(notice, stopping.signal);
    if (outcome.kind !== 'refused') return outcome;
    keepRefused(notice, outcome.reason);
    report.refused(outcome.reason, notice.output.id);
    return outcome;
  };

  const note = (id: number, outcome: DeliveryOutcome): void => {
    if (outcome.kind !== 'failed') {
      const refused = outcome.kind === 'refused' ? outcome.reason : null;
      deliveries.remove(id, { at: clock.now(), refused });
      failed.delete(id);
      // The channel is back: what failed with it is tried at once.
      if (failures >= OUTAGE_FAILURES)
        for (const [other, { attempts }] of failed) failed.set(other, { attempts, at: 0 });
      failures = 0;
      channelAt = 0;
      if (outcome.kind === 'told') report.told(failed.size);
      return;
    }
    if (stopping.signal.aborted) return;
    const now = clock.now();
    const attempts = (failed.get(id)?.attempts ?? 0) + 1;
    failures += 1;
    failed.set(id, { attempts, at: now + pauseMs(attempts) });
    channelAt = now + Math.max(pauseMs(failures), outcome.retryAfterMs ?? 0);
    report.failed(outcome.reason, countWaiting());
  };

  const rest = async (until: number): Promise<void> => {
    wakeUp = new AbortController();
    isResting = true;
    const resolves = onRest;
    onRest = [];
    for (const resolve of resolves) resolve();
    await clock.sleepUntil(until, wakeUp.signal);
    isResting = false;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const now = clock.now();
      expire(now);
      const found = next(now);
      if ('at' in found) await rest(found.at);
      else
        note(
          found.id,
          await attempt(found.id).catch(
            (thrown: unknown) => ({ kind: 'failed', reason: reasonOf(thrown) }) as const,
          ),
        );
    }
  };

  const wake = (): void => {
    isResting = false;
    wakeUp.abort();
  };
  const settled = (): Promise<void> =>
    isResting || stopping.signal.aborted ? Promise.resolve() : new Promise((resolve) => onRest.push(resolve));
  const running = run()
    .catch(fail)
    .finally(() => {
      stopping.abort();
      for (const resolve of onRest) resolve();
    });

  return {
    wake,
    settled,
    close: async (graceMs) => {
      const waited = new AbortController();
      await Promise.race([settled(), clock.sleepUntil(clock.now() + graceMs, waited.signal)]);
      waited.abort();
      stopping.abort();
      wakeUp.abort();
      await running;
    },
  };
};
