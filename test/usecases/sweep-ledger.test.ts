import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import { sweepLedger } from '../../usecases/sweep-ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { at } from '../fixture/alarm-story.ts';
import { applyCommand } from '../fixture/apply-command.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { noticesOn } from '../fixture/outbox-words.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;

const line = async (...messages: Parameters<ReturnType<typeof evaluateSamples>>[0]) => {
  const ledger = memoryLedger();
  await evaluateSamples({ ledger, policies })(messages);
  return ledger;
};

test('a sweep evaluates what is left of silent cylinders and tells of it', async () => {
  const ledger = await line(messageOf('c', 'AAA'), messageOf('d', 'nnn'));
  await sweepLedger({ ledger, policies })(at(40));
  assert.deepEqual(await noticesOn(ledger), ['RAISED @2#1 advisory at 40']);
});

test('a gateway that fell silent is told of once, and answered at its next message', async () => {
  const ledger = await line(messageOf('c', 'n'), messageOf('d', 'n'));
  const sweep = sweepLedger({ ledger, policies });
  await sweep(at(59));
  assert.deepEqual(await noticesOn(ledger), []);
  await sweep(at(60));
  await sweep(at(61));
  await evaluateSamples({ ledger, policies })([messageOf('c', 'n', { from: 62 })]);
  assert.deepEqual(await noticesOn(ledger), ['OFFLINE @0#1 at 60', 'ONLINE @0#2 at 62']);
});

test('a gateway is silent since the last of its cylinders was heard, however rarely its own record is saved', async () => {
  const ledger = memoryLedger();
  const evaluate = evaluateSamples({ ledger, policies, heardEveryMs: 15_000 });
  await evaluate([messageOf('c', 'n')]);
  await evaluate([messageOf('d', 'n', { from: 14 })]);
  assert.equal((await ledger.gateways(['g'])).get('g')?.record.lastHeardAt, at(0));
  const sweep = sweepLedger({ ledger, policies });
  await sweep(at(60));
  assert.deepEqual(await noticesOn(ledger), []);
  await sweep(at(74));
  assert.deepEqual(await noticesOn(ledger), ['OFFLINE @14#1 at 74']);
});

test('a cylinder that fell silent alone is told of once, and answered', async () => {
  const ledger = await line(messageOf('c', 'n'));
  for (let second = 0; second <= 60; second += 10)
    await evaluateSamples({ ledger, policies })([messageOf('d', 'nnnnn', { from: second })]);
  const sweep = sweepLedger({ ledger, policies });
  await sweep(at(60));
  await sweep(at(61));
  await evaluateSamples({ ledger, policies })([messageOf('c', 'n', { from: 62 })]);
  assert.deepEqual(await noticesOn(ledger), ['OFFLINE @0#1 at 60', 'ONLINE @0#2 at 62']);
});

test('a gateway is excused while all of its cylinders are in maintenance', async () => {
  const ledger = await line(messageOf('c', 'n'), messageOf('d', 'n'));
  for (const cylinder of ['c', 'd']) {
    const command = { type: 'maintenance', by: 'ana', reason: 'x', until: at(100) };
    await applyCommand({ ledger, policies })(cylinder, command, at(1));
  }
  const sweep = sweepLedger({ ledger, policies });
  await sweep(at(60));
  assert.deepEqual(await noticesOn(ledger), []);
  await sweep(at(100));
  assert.deepEqual(await noticesOn(ledger), ['OFFLINE @0#1 at 100']);
});

test('a sweep of an empty ledger saves nothing', async () => {
  const save = () => Promise.reject(new Error('saved'));
  await sweepLedger({ ledger: { ...memoryLedger(), save }, policies })(at(0));
});

for (const name of ['due', 'cylinders', 'gateways', 'save'] as const) {
  test(`a ledger whose ${name} fails makes the sweep reject, and a sweep later tells all of it once`, async () => {
    const memory = await line(messageOf('c', 'AAA'), messageOf('d', 'n', { gateway: 'h' }));
    const sweep = sweepLedger({ ledger: failingOnce(memory, name), policies });
    await assert.rejects(sweep(at(70)), new RegExp(`${name} is not there`));
    await sweep(at(70));
    await sweep(at(71));
    assert.deepEqual([...(await noticesOn(memory))].sort(), [
      'OFFLINE @0#1 at 70',
      'OFFLINE @2#1 at 70',
      'RAISED @2#1 advisory at 70',
    ]);
  });
}

test('a sample that is saved during a sweep is not lost, and what the sweep tells is told of the newer state', async () => {
  const memory = await line(messageOf('c', 'AAA'));
  let isFirst = true;
  const ledger: Ledger = {
    ...memory,
    async save(changes) {
      if (isFirst) {
        isFirst = false;
        await evaluateSamples({ ledger: memory, policies })([messageOf('c', 'A', { from: 39 })]);
      }
      return memory.save(changes);
    },
  };
  await sweepLedger({ ledger, policies })(at(40));
  assert.deepEqual(await noticesOn(memory), ['RAISED @2#1 advisory at 40']);
  const record = (await memory.cylinders(['c'])).get('c')?.record;
  assert.equal(record?.alarm.lastSeenAt, at(39));
});

const MINUTES_OF_WEEK = 10_080;

test('a cylinder whose gateway was retired is due some dozen times in a week, and its silence is told when it returns', async () => {
  const ledger = await line(messageOf('c', 'n'), messageOf('d', 'n'));
  const sweep = sweepLedger({ ledger, policies });
  const recordOf = async () => (await ledger.cylinders(['c'])).get('c')?.record;
  let due = 0;
  for (let minute = 1; minute <= MINUTES_OF_WEEK; minute += 1) {
    const dueAt = (await recordOf())?.dueAt ?? null;
    if (dueAt !== null && dueAt <= at(60 * minute)) due += 1;
    await sweep(at(60 * minute));
  }
  assert.ok(due >= 1 && due <= 12, `due ${due} times`);
  assert.deepEqual(await noticesOn(ledger), ['OFFLINE @0#1 at 60']);

  const back = 60 * MINUTES_OF_WEEK;
  const told: string[] = [];
  for (let second = back; second <= back + 120; second += 20) {
    await evaluateSamples({ ledger, policies })([messageOf('d', 'nnnnn', { from: second - 4 })]);
    await sweep(at(second + 1));
  }
  told.push(...(await noticesOn(ledger)));
  assert.deepEqual(told.slice(1), [`ONLINE @0#2 at ${back}`, `OFFLINE @0#1 at ${back + 61}`]);
  // It is looked at no more than once a day now.
  assert.ok(Number((await recordOf())?.dueAt) > at(back + 3600));
});

test('a sweep that fails while it wakes the cylinders of a returned gateway wakes them at the next', async () => {
  const memory = await line(messageOf('c', 'n'), messageOf('d', 'n'));
  await sweepLedger({ ledger: memory, policies })(at(70));
  const resting = (await memory.cylinders(['c'])).get('c')?.record.restsUntil;
  assert.notEqual(resting, null);
  await evaluateSamples({ ledger: memory, policies })([messageOf('d', 'n', { from: 100 })]);
  await assert.rejects(sweepLedger({ ledger: failingOnce(memory, 'save'), policies })(at(101)));
  await sweepLedger({ ledger: memory, policies })(at(102));
  assert.equal((await memory.cylinders(['c'])).get('c')?.record.restsUntil, null);
});
