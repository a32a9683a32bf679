import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createConsoleNotifier } from '../../../local/console/console-notifier.ts';
import { outgoingItem } from '../../../local/ledger/sqlite-outbox.ts';
import { createRelay, type Relay } from '../../../local/pipeline/relay.ts';
import { LocalError } from '../../../local/run/local-error.ts';
import type { OutboxItem } from '../../../usecases/ports/outbox.ts';
import { incidentItem, noticeItem, transitionItem } from './outbox-items.ts';

const nameOf = (item: OutboxItem): string => {
  switch (item.kind) {
    case 'notice':
      return item.notice.output.id;
    case 'transition':
      return 't' in item.transition ? `t${item.transition.t}` : '';
    case 'incident':
      return item.incident.id;
    case 'twin':
      return item.cylinder;
  }
};

type Part = 'pending' | 'done' | 'claim' | 'notify' | 'notified' | 'doubtful' | 'incident' | 'twin';

/** A relay over ports in memory, of which each can be made to fail; `doubts` are what a killed run had claimed. */
const fixture = (items: readonly OutboxItem[], doubts: readonly OutboxItem[] = []) => {
  const states = new Map<string, 'claimed' | 'notified'>();
  let left = [...doubts, ...items].map((item, index) => ({ id: index + 1, item }));
  let inDoubt = left.slice(0, doubts.length);
  let broken: Part | null = null;
  let failure: Error | undefined;
  let unread: PromiseWithResolvers<void> | null = null;
  const failures: unknown[] = [];
  const log: string[] = [];
  /** Does what a part is for, later, or fails where that part is broken. */
  const act = async <T>(part: Part, work: () => T): Promise<T> => {
    await Promise.resolve();
    if (part === broken) throw failure ?? new Error(`${part} failed`);
    return work();
  };
  const show = (shown: readonly OutboxItem[]): readonly (Promise<void> | undefined)[] => {
    if (broken === 'notify') throw new Error('notify failed');
    const say = (): void => void log.push(shown.map(nameOf).join(' '));
    const said = unread === null ? say() : unread.promise.then(say);
    return shown.map(() => said ?? undefined);
  };
  /** A start of the program: what an earlier one claimed and did not note is in doubt. */
  const start = (): Relay =>
    createRelay({
      outbox: {
        pending: (limit) => act('pending', () => left.slice(0, limit)),
        done: (ids) =>
          act('done', () => {
            left = left.filter(({ id }) => !ids.includes(id));
          }),
      },
      log: {
        claim: (_, id) =>
          act('claim', () => {
            const state = states.get(id);
            if (state === 'notified') return state;
            states.set(id, 'claimed');
            return state === 'claimed' ? 'busy' : 'claimed';
          }),
        notified: (_, id) => act('notified', () => void states.set(id, 'notified')),
        noted: () => Promise.resolve(),
        release: (_, id) => act('claim', () => void states.delete(id)),
        doubtful: () =>
          act('doubtful', () => {
            const doubtful = inDoubt;
            inDoubt = [];
            return doubtful;
          }),
      },
      notifier: createConsoleNotifier(show),
      onDoubtful: (doubtful) => void log.push(`in doubt: ${doubtful.map(nameOf).join(' ')}`),
      telemetry: { recordIncident: ({ id }) => act('incident', () => void log.push(id)) },
      twins: { report: (cylinder) => act('twin', () => void log.push(`twin ${cylinder}`)) },
      now: () => 0,
      late: {
        patience: () => (unread === null ? new Promise(() => undefined) : Promise.resolve()),
        pendingBeside: (afterId, limit) =>
          act('pending', () =>
            left
              .filter(({ id, item }) => id > afterId && (item.kind === 'twin' || item.kind === 'incident'))
              .slice(0, limit),
          ),
        handOverBeside: () => act('done', () => void log.push('others are told')),
        fail: (error) => failures.push(error),
        onLate: (isLate) => void log.push(isLate ? 'late' : 'read again'),
      },
    });
  return {
    relay: start(),
    log,
    restart: (): Relay => {
      inDoubt = left.filter((entry) => {
        const item = outgoingItem(entry);
        const id = item.kind === 'notice' ? item.notice.output.id : item.kind === 'transition' ? item.id : '';
        return states.get(id) === 'claimed';
      });
      return start();
    },
    add: (item: OutboxItem): void => void left.push({ id: 1000 + left.length, item }),
    failures,
    /** From now on nobody reads the console. */
    leaveUnread: (): PromiseWithResolvers<void> => {
      unread = Promise.withResolvers();
      return unread;
    },
    readAgain: (): void => {
      unread?.resolve();
      unread = null;
    },
    waiting: (): number => left.length,
    break: (part: Part | null, error?: Error): void => {
      broken = part;
      failure = error;
    },
  };
};

const ALL: readonly OutboxItem[] = [
  transitionItem(1),
  incidentItem('i1'),
  noticeItem('n1'),
  { kind: 'twin', cylinder: 'c', twin: {}, version: 1 },
  transitionItem(2),
  noticeItem('n2'),
];

test('what people wait for goes out first and in order, then incidents and twins, and nothing is left', async () => {
  const { relay, log, waiting } = fixture(ALL);
  await relay.drain();
  assert.deepEqual(log, ['t1 n1', 't2 n2', 'i1', 'twin c']);
  assert.equal(waiting(), 0);
});

test('many go out a few at a time, more than one look at the outbox takes', async () => {
  const items = Array.from({ length: 250 }, (_, index) => noticeItem(`n${index}`, `gw-${index % 40}`));
  const { relay, log, waiting } = fixture(items);
  await relay.drain();
  assert.deepEqual(log.join(' ').split(' '), items.map(nameOf));
  assert.ok(log.every((line) => line.split(' ').length <= 8));
  assert.ok(log.length < 40);
  assert.equal(waiting(), 0);
});

test('what a crash left in doubt is said once, before anything else', async () => {
  const { relay, log } = fixture([noticeItem('n2')], [noticeItem('n1')]);
  await relay.drain();
  await relay.drain();
  assert.deepEqual(log, ['in doubt: n1', 'n2']);
});

test('what comes while it drains goes out in the same run', async () => {
  const { relay, log, add, waiting } = fixture([noticeItem('n1'), incidentItem('i1')]);
  const first = relay.drain();
  while (log.length === 0) await nextTurn();
  add(noticeItem('n2'));
  const second = relay.drain();
  await Promise.all([first, second]);
  assert.deepEqual(log, ['n1', 'i1', 'n2']);
  assert.equal(waiting(), 0);
});

for (const part of ['pending', 'done', 'claim', 'notify', 'doubtful', 'incident', 'twin'] as const) {
  test(`where ${part} fails the drain rejects, and a later one sends the rest with no notice sent twice`, async () => {
    const { relay, log, waiting, ...given } = fixture(ALL);
    given.break(part);
    await assert.rejects(relay.drain(), new RegExp(`^Error: ${part} failed$`));
    given.break(null);
    await relay.drain();
    assert.equal(waiting(), 0);
    assert.deepEqual(log.filter((line) => line.startsWith('t') && !line.startsWith('twin')).toSorted(), [
      't1 n1',
      't2 n2',
    ]);
    assert.ok(log.includes('i1') && log.includes('twin c'));
  });
}

test('what a store says to do is what the drain rejects with, not what its library said', async () => {
  const { relay, ...given } = fixture(ALL);
  const full = new LocalError('DiskFull', 'the disk is full: free some space', new Error('FATAL Error'));
  given.break('incident', full);
  await assert.rejects(relay.drain(), (error) => error === full);
});

test('where the note fails the drain rejects, and the next start says what is in doubt and sends the rest', async () => {
  const { relay, log, waiting, ...given } = fixture(ALL);
  given.break('notified');
  await assert.rejects(relay.drain(), /^Error: notified failed$/);
  given.break(null);
  await given.restart().drain();
  assert.deepEqual(log, ['t1 n1', 'in doubt: t1 n1', 't2 n2', 'i1', 'twin c']);
  assert.equal(waiting(), 0);
});

test('a console that nobody reads holds up nothing else, and gets all of it once when it is read', async () => {
  const { relay, log, add, waiting, ...given } = fixture(ALL);
  given.leaveUnread();
  await relay.drain();
  assert.deepEqual(log, ['late', 'i1', 'twin c', 'others are told']);
  assert.equal(waiting(), 4);
  add(noticeItem('n3'));
  add({ kind: 'twin', cylinder: 'd', twin: {}, version: 1 });
  await relay.drain();
  assert.deepEqual(log.slice(4), ['twin d', 'others are told']);
  given.readAgain();
  await relay.settled();
  assert.deepEqual(log.slice(6), ['t1 n1', 't2 n2', 'read again', 'n3']);
  assert.equal(waiting(), 0);
  assert.deepEqual(given.failures, []);
});

test('where the run ends before the console is read, what was not out waits for the next start', async () => {
  const { relay, log, waiting, ...given } = fixture(ALL);
  const { reject } = given.leaveUnread();
  await relay.drain();
  const ended = relay.end();
  reject(new Error('given up'));
  await ended;
  await relay.drain();
  assert.equal(waiting(), 4);
  given.readAgain();
  await given.restart().drain();
  assert.deepEqual(
    log.filter((line) => /^t?[nt]\d/.test(line)),
    ['t1 n1', 't2 n2'],
  );
  assert.deepEqual(given.failures, []);
});

test('a console that fails after it was late fails the run', async () => {
  const { relay, ...given } = fixture(ALL);
  const { reject } = given.leaveUnread();
  await relay.drain();
  reject(new Error('gone'));
  await relay.settled().catch(() => undefined);
  assert.match(String(given.failures[0]), /gone/);
});
