import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRelay } from '../../../local/pipeline/relay.ts';
import type { ToldItem } from '../../../local/pipeline/tell-once.ts';
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

type Part = 'pending' | 'done' | 'tell' | 'told' | 'doubtful' | 'incident' | 'twin';

/** A relay over ports in memory, of which each can be made to fail. */
const fixture = (items: readonly OutboxItem[], doubts: readonly ToldItem[] = []) => {
  let left = items.map((item, index) => ({ id: index + 1, item }));
  let inDoubt = doubts;
  let broken: Part | null = null;
  const log: string[] = [];
  /** Does what a part is for, later, or fails where that part is broken. */
  const act = async <T>(part: Part, work: () => T): Promise<T> => {
    await Promise.resolve();
    if (part === broken) throw new Error(`${part} failed`);
    return work();
  };
  const remove = (ids: readonly number[]): void => {
    left = left.filter(({ id }) => !ids.includes(id));
  };
  const relay = createRelay({
    outbox: {
      pending: (limit) => act('pending', () => left.slice(0, limit)),
      done: (ids) => act('done', () => remove(ids)),
    },
    tellOnce: {
      tell: (ids, tell) =>
        act('tell', () => {
          tell();
          remove(ids);
        }),
      told: () =>
        act('told', () => {
          inDoubt = [];
        }),
      doubtful: () => act('doubtful', () => inDoubt),
    },
    tell: (told) => void log.push(told.map(nameOf).join(' ')),
    tellDoubtful: (told) => void log.push(`in doubt: ${told.map(nameOf).join(' ')}`),
    telemetry: { recordIncident: ({ id }) => act('incident', () => void log.push(id)) },
    twins: { report: (cylinder) => act('twin', () => void log.push(`twin ${cylinder}`)) },
  });
  return {
    relay,
    log,
    add: (item: OutboxItem): void => void left.push({ id: 1000 + left.length, item }),
    waiting: (): number => left.length,
    break: (part: Part | null): void => {
      broken = part;
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

test('what people wait for is told first and in order, then incidents and twins go out, and nothing is left', async () => {
  const { relay, log, waiting } = fixture(ALL);
  await relay.drain();
  assert.deepEqual(log, ['t1 n1 t2 n2', 'i1', 'twin c']);
  assert.equal(waiting(), 0);
});

test('many are told a few at a time, more than one look at the outbox takes', async () => {
  const items = Array.from({ length: 250 }, (_, index) => noticeItem(`n${index}`));
  const { relay, log, waiting } = fixture(items);
  await relay.drain();
  assert.deepEqual(log.join(' ').split(' '), items.map(nameOf));
  assert.ok(log.every((line) => line.split(' ').length <= 8));
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
  while (log.length === 0) await Promise.resolve();
  add(noticeItem('n2'));
  const second = relay.drain();
  await Promise.all([first, second]);
  assert.deepEqual(log, ['n1', 'i1', 'n2']);
  assert.equal(waiting(), 0);
});

for (const part of ['pending', 'done', 'tell', 'told', 'doubtful', 'incident', 'twin'] as const) {
  test(`where ${part} fails the drain rejects, and a later one sends the rest with no notice told twice`, async () => {
    const { relay, log, waiting, ...given } = fixture(ALL);
    given.break(part);
    await assert.rejects(relay.drain(), new RegExp(`^Error: ${part} failed$`));
    given.break(null);
    await relay.drain();
    assert.equal(waiting(), 0);
    assert.equal(log.filter((line) => line === 't1 n1 t2 n2').length, 1);
    assert.ok(log.includes('i1') && log.includes('twin c'));
  });
}
