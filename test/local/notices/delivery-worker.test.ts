import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteDeliveries } from '../../../local/ledger/sqlite-deliveries.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import { createOutageReport, type DeliveryOutcome } from '../../../local/notices/channel.ts';
import { startDeliveryWorker } from '../../../local/notices/delivery-worker.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { incidentItem, noticeItem, transitionItem } from '../pipeline/outbox-items.ts';
import { createFakeTime } from './fake-time.ts';

const folder = scratchFolder();
const START = 1_795_860_000_000;
const DAY_MS = 86_400_000;
const FAILED: DeliveryOutcome = { kind: 'failed', reason: 'no line' };
let files = 0;

/** A ledger's file, a clock that stands until it is moved, and a channel that does what `answer` says. */
const fixture = (t: TestContext, answer: (id: string) => DeliveryOutcome | Promise<DeliveryOutcome>) => {
  files += 1;
  const database = openLedgerDatabase({ path: join(folder, `${files}.sqlite`) });
  const deliveries = createSqliteDeliveries(database);
  const outbox = sqliteOutbox(database);
  const time = createFakeTime(START);
  const lines: string[] = [];
  const attempts: (readonly [second: number, id: string])[] = [];
  const refused: string[] = [];
  const report = createOutageReport({
    title: 'the channel',
    refusedPath: 'refused.jsonl',
    retentionMs: 7 * DAY_MS,
    now: time.now,
    log: (line) => lines.push(line),
  });
  const start = () =>
    startDeliveryWorker({
      channel: {
        name: 'webhook',
        title: 'the channel',
        deliver: async ({ output: { id } }) => {
          attempts.push([(time.now() - START) / 1000, id]);
          return await answer(id);
        },
      },
      deliveries,
      report,
      keepRefused: ({ output }) => refused.push(output.id),
      clock: time,
      random: () => 0.999_999,
      retentionMs: 7 * DAY_MS,
      fail: (error) => {
        throw error;
      },
    });
  /** Notices of gateways, by their names: `a` is the gateway of `a#1`. */
  const put = async (...ids: readonly string[]): Promise<void> => {
    for (const id of ids) outbox.put(noticeItem(id, id.split('#')[0]));
    const entries = await outbox.pending(1000);
    await deliveries.handOver(
      entries.map(({ id }) => id),
      ['webhook'],
      time.now(),
    );
  };
  const worker = start();
  t.after(async () => {
    await worker.close(0);
    database.close();
  });
  const waiting = (): number => deliveries.waiting().get('webhook') ?? 0;
  return {
    database,
    deliveries,
    outbox,
    time,
    lines,
    attempts,
    refused,
    report,
    start,
    put,
    worker,
    waiting,
  };
};

test('what is crossed off the outbox waits for each channel, notices alone, and is told in its order', async (t) => {
  const { outbox, deliveries, attempts, worker, time, waiting, lines } = fixture(t, () => ({
    kind: 'told',
  }));
  for (const item of [noticeItem('a#1', 'a'), transitionItem(3), incidentItem('i'), noticeItem('a#2', 'a')])
    outbox.put(item);
  const ids = (await outbox.pending(10)).map(({ id }) => id);
  await deliveries.handOver(ids, ['webhook', 'command'], time.now());
  assert.deepEqual(await outbox.pending(10), []);
  assert.deepEqual(
    [...deliveries.waiting()],
    [
      ['command', 2],
      ['webhook', 2],
    ],
  );
  worker.wake();
  await worker.settled();
  assert.deepEqual(
    attempts.map(([, id]) => id),
    ['a#1', 'a#2'],
  );
  assert.equal(waiting(), 0);
  assert.deepEqual(lines, []);
});

test('an outage is said once, tried ever more rarely, and its end is said once', async (t) => {
  let isOut = true;
  const { attempts, put, worker, time, lines, waiting } = fixture(t, () =>
    isOut ? FAILED : { kind: 'told' },
  );
  await put('a#1', 'a#2');
  worker.wake();
  await time.advanceTo(START + 200_000);
  const seconds = attempts.map(([second]) => Math.round(second));
  assert.deepEqual(seconds, [0, 1, 3, 7, 15, 31, 63, 123, 183]);
  assert.deepEqual(new Set(attempts.map(([, id]) => id)), new Set(['a#1']));
  assert.deepEqual(lines, ['the channel fails: no line; 2 notices wait and will be tried again']);
  isOut = false;
  await time.advanceTo(START + 500_000);
  assert.equal(waiting(), 0);
  assert.deepEqual(
    attempts.slice(-2).map(([, id]) => id),
    ['a#1', 'a#2'],
  );
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /^the channel works again, after 4 min 3 s/);
});

test('a notice that alone fails holds up only those of its own cylinder or gateway', async (t) => {
  const { attempts, put, worker, time, lines, waiting } = fixture(t, (id) =>
    id === 'bad#1' ? FAILED : { kind: 'told' },
  );
  await put('bad#1', 'bad#2', 'a#1', 'b#1', 'b#2');
  worker.wake();
  await time.advanceTo(START + 100_000);
  assert.equal(waiting(), 2);
  assert.deepEqual(
    attempts.map(([, id]) => id).filter((id) => id !== 'bad#1'),
    ['a#1', 'b#1', 'b#2'],
  );
  await put('c#1');
  worker.wake();
  await time.advanceTo(START + 161_000);
  assert.equal(attempts.filter(([, id]) => id === 'c#1').length, 1);
  assert.equal(waiting(), 2);
  assert.equal(lines.length, 1);
});

test('when the channel is back, all that failed with it goes out at once', async (t) => {
  let isOut = true;
  const { attempts, put, worker, time, waiting } = fixture(t, () => (isOut ? FAILED : { kind: 'told' }));
  await put('a#1', 'b#1', 'c#1', 'd#1');
  worker.wake();
  await time.advanceTo(START + 3_600_000);
  const before = attempts.length;
  assert.ok(before > 55 && before < 80, `${before} attempts in an hour`);
  isOut = false;
  await time.advanceTo(START + 3_661_000);
  assert.equal(waiting(), 0);
  assert.equal(attempts.length, before + 4);
});

test('a server that says when to come again is not asked before', async (t) => {
  let isFirst = true;
  const { attempts, put, worker, time } = fixture(t, () => {
    if (!isFirst) return { kind: 'told' };
    isFirst = false;
    return { kind: 'failed', reason: 'HTTP 429', retryAfterMs: 600_000 };
  });
  await put('a#1', 'b#1');
  worker.wake();
  await time.advanceTo(START + 599_000);
  assert.equal(attempts.length, 1);
  await time.advanceTo(START + 601_000);
  assert.deepEqual(
    attempts.map(([second, id]) => [second, id]),
    [
      [0, 'a#1'],
      [600, 'b#1'],
      [600, 'a#1'],
    ],
  );
});

test('what is refused is kept, said loudly once, and not tried again', async (t) => {
  const { attempts, put, worker, lines, refused, waiting, report } = fixture(t, (id) =>
    id === 'c#1' ? { kind: 'told' } : { kind: 'refused', reason: 'HTTP 410' },
  );
  await put('a#1', 'b#1', 'a#2');
  worker.wake();
  await worker.settled();
  assert.deepEqual(refused, ['a#1', 'b#1', 'a#2']);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^the channel REFUSED notice a#1: HTTP 410\. .*refused\.jsonl$/);
  assert.equal(report.trouble(), 'HTTP 410');
  await put('c#1', 'd#1');
  worker.wake();
  await worker.settled();
  assert.equal(lines.length, 2);
  assert.equal(attempts.length, 5);
  assert.equal(waiting(), 0);
  assert.equal(report.summary(0), 'the channel: 4 notices refused, kept in refused.jsonl');
});

test('what could not be told for seven days is dropped, and said', async (t) => {
  const { put, worker, time, lines, waiting, report } = fixture(t, () => FAILED);
  await put('a#1');
  worker.wake();
  await time.advanceTo(START + 6 * DAY_MS);
  await put('a#2', 'b#1');
  await time.advanceTo(START + 7 * DAY_MS - 1000);
  assert.equal(waiting(), 3);
  await time.advanceTo(START + 7 * DAY_MS + 2 * 3_600_000);
  assert.equal(waiting(), 2);
  assert.deepEqual(lines.slice(1), ['the channel: 1 notice could not be told for 7 d and is dropped']);
  assert.equal(report.summary(2), 'the channel: 2 notices wait for the next start; last failure: no line');
  assert.equal(report.trouble(), 'no line');
});

test('a channel that throws has failed, and a stop leaves what was under way for the next start', async (t) => {
  const { put, worker, waiting, lines, start, time } = fixture(t, (id) => {
    if (id === 'a#1') throw new Error('broken');
    return new Promise(() => undefined);
  });
  await put('a#1');
  worker.wake();
  await worker.settled();
  assert.match(lines[0] ?? '', /broken/);
  await worker.close(0);
  await put('b#1');
  assert.equal(waiting(), 2);
  const next = start();
  await next.settled();
  await next.close(0);
  assert.equal(waiting(), 2);
  assert.equal(time.now(), START);
});
