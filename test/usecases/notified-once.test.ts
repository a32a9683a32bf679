import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LedgerItem } from '../../usecases/ports/outbox.ts';
import { type NotifyPorts, sendNotifications } from '../../usecases/send-notifications.ts';
import { incidentItem, noticeItem } from '../aws/dynamodb/ledger-items.ts';
import { memoryNotificationLog } from '../contract/memory-notification-log.ts';
import { memoryNotifier } from '../contract/memory-notifier.ts';
import { memoryTelemetry } from '../contract/memory-telemetry.ts';
import { AT } from '../fixture/notice-samples.ts';
import { RUNS } from '../fixture/property-runs.ts';

const LEASE_MS = 60_000;

/** What becomes of one call of a port: it works, fails before it did anything, or did it and its answer is lost. */
type Fate = 'works' | 'fails' | 'unheard';

/**
 * One run of the function over the same services, in which calls meet their fates in turn, and the run dies before its
 * `killAt`th call. Neither befalls the calls after SNS took a notice: that window is the one in which it may be notified twice.
 */
const runOver = (services: NotifyPorts, fates: Iterator<Fate>, killAt: number): NotifyPorts => {
  let calls = 0;
  let isDead = false;
  const noting = new Set<string>();
  const call = async <T>(work: () => Promise<T>, mayBeUnheard: boolean): Promise<T> => {
    calls += 1;
    if (calls >= killAt && noting.size === 0) isDead = true;
    if (isDead) throw new Error('killed');
    const fate = fates.next().value ?? 'works';
    if (fate === 'fails') throw new Error('no service');
    const answer = await work();
    if (fate === 'unheard' && mayBeUnheard) throw new Error('no answer');
    return answer;
  };
  const { log, notifier, telemetry, now } = services;
  return {
    now,
    log: {
      claim: (subject, id, at) => call(() => log.claim(subject, id, at), true),
      release: (subject, id) => call(() => log.release(subject, id), true),
      notified: async (subject, id, at) => {
        await log.notified(subject, id, at);
        noting.delete(id);
      },
    },
    notifier: {
      notify: (notice) =>
        call(async () => {
          noting.add(notice.output.id);
          await notifier.notify(notice);
        }, false),
    },
    telemetry: { recordIncident: (incident) => call(() => telemetry.recordIncident(incident), true) },
  };
};

const NAMES = ['a', 'b', 'c'];

/** A stream of the notices and incidents of a few cylinders; each cylinder's are numbered in their order. */
const stream = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.boolean()), { minLength: 1, maxLength: 12 })
  .map((steps): readonly LedgerItem[] => {
    const counts = new Map<string, number>();
    return steps.map(([name, isNotice]) => {
      const n = (counts.get(name) ?? 0) + 1;
      counts.set(name, n);
      return isNotice ? noticeItem(name, n) : incidentItem(name, n);
    });
  });

const trouble = fc.record({
  fates: fc.array(fc.constantFrom<Fate>('works', 'works', 'fails', 'unheard'), { maxLength: 40 }),
  /** For each run: before which of its calls it dies, how far before the first failure it is given again, and to whom. */
  runs: fc.array(
    fc.record({ killAt: fc.integer({ min: 1, max: 20 }), back: fc.nat({ max: 3 }), isDouble: fc.boolean() }),
    { maxLength: 8 },
  ),
  batch: fc.integer({ min: 1, max: 5 }),
});

test('whatever fails, dies or is given again, each notice is notified once, in order, and each incident ends as it stands', async () => {
  await fc.assert(
    fc.asyncProperty(stream, trouble, async (items, { fates, runs, batch }) => {
      const log = memoryNotificationLog(LEASE_MS);
      const notifier = memoryNotifier();
      const telemetry = memoryTelemetry();
      for (const item of items) if (item.kind === 'notice') log.put(item.subject, item.notice.output.id);
      let clock = AT;
      const services: NotifyPorts = { log, notifier, telemetry, now: () => clock };
      const fate = fates.values();
      const schedule = runs.values();
      for (let at = 0, deliveries = 0; at < items.length; deliveries += 1) {
        assert.ok(deliveries < 200, 'it never ends');
        const { killAt, back, isDouble } = schedule.next().value ?? {
          killAt: Number.POSITIVE_INFINITY,
          back: 0,
          isDouble: false,
        };
        const from = Math.max(0, at - back);
        const given = items.slice(from, at + batch);
        const deliver = () => sendNotifications(runOver(services, fate, killAt))(given);
        const [outcome] = await Promise.all([deliver(), ...(isDouble ? [deliver()] : [])]);
        const [failure] = outcome.failures;
        // A run that died told nobody what it had done: everything is given again.
        const isDead = outcome.failures.some(({ error }) => /killed/.test(String(error.cause ?? error)));
        if (isDead) at = from;
        else at = failure === undefined ? Math.max(at, from + given.length) : from + failure.index;
        clock += LEASE_MS / 3;
      }
      for (const name of NAMES) {
        const own = items.filter(
          (item) =>
            (item.kind === 'notice' && item.subject.name === name) ||
            (item.kind === 'incident' && item.incident.cylinder === name),
        );
        assert.deepEqual(
          notifier.notified.map(({ output }) => output.id).filter((id) => id.startsWith(`${name}@`)),
          own.flatMap((item) => (item.kind === 'notice' ? [item.notice.output.id] : [])),
        );
        const last = own.findLast((item) => item.kind === 'incident');
        if (last?.kind === 'incident')
          assert.deepEqual(telemetry.incidents.get(last.incident.id), last.incident);
      }
    }),
    RUNS,
  );
});
