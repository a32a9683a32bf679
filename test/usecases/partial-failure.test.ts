import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateSamples, UnevaluatedError } from '../../usecases/evaluate-samples.ts';
import type { Ledger, LedgerChange, PartialFailure } from '../../usecases/ports/ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;
const NO_UNITS = new Error('no units left');

const indicesOf = (error: unknown): readonly number[] =>
  error instanceof UnevaluatedError ? error.failures.map(({ index }) => index) : [];

/** An error that concerns some only. */
const partial = (failure: PartialFailure): Error => Object.assign(new Error('in part'), failure);

/** A ledger that takes no change of one name, and notes whose it took. */
const refusing = (ledger: Ledger, name: string) => {
  const taken: string[] = [];
  const save = async (changes: readonly LedgerChange[]) => {
    const outcomes = await ledger.save(changes.filter((change) => change.name !== name));
    taken.push(...changes.flatMap((change) => (change.name === name ? [] : [change.name])));
    if (outcomes.length === changes.length) return outcomes;
    const left = [...outcomes];
    throw partial({
      outcomes: changes.map((change) => (change.name === name ? NO_UNITS : (left.shift() ?? 'saved'))),
    });
  };
  return { ledger: { ...ledger, save }, taken };
};

test('a cylinder whose change is not taken fails its own messages, and no others', async () => {
  const memory = memoryLedger();
  const { ledger, taken } = refusing(memory, 'd');
  const batch = [messageOf('c', 'nn'), messageOf('d', 'nn'), messageOf('e', 'nn'), messageOf('d', 'nn')];
  await assert.rejects(evaluateSamples({ ledger, policies })(batch), (error: unknown) => {
    assert.ok(error instanceof UnevaluatedError);
    assert.deepEqual(indicesOf(error), [1, 3]);
    return true;
  });
  assert.deepEqual(taken, ['c', 'e', 'g']);
});

test('a gateway whose change is not taken fails the messages that came by it', async () => {
  const { ledger } = refusing(memoryLedger(), 'h');
  const batch = [messageOf('c', 'nn'), messageOf('d', 'nn', { gateway: 'h' })];
  await assert.rejects(
    evaluateSamples({ ledger, policies })(batch),
    (error: unknown) => indicesOf(error).join() === '1',
  );
});

test('a record that cannot be read fails its own messages, and no others', async () => {
  const memory = memoryLedger();
  const cylinders: Ledger['cylinders'] = (names) =>
    names.includes('d')
      ? Promise.reject(partial({ names: new Map([['d', new Error('damaged')]]) }))
      : memory.cylinders(names);
  const batch = [messageOf('c', 'nn'), messageOf('d', 'nn')];
  await assert.rejects(
    evaluateSamples({ ledger: { ...memory, cylinders }, policies })(batch),
    (error: unknown) => indicesOf(error).join() === '1',
  );
  assert.deepEqual((await memory.names()).cylinders, ['c']);
});

test('what comes once more changes nothing and is not saved again, with or without numbers, also in part', async () => {
  const saved: string[] = [];
  const memory = memoryLedger();
  const save: Ledger['save'] = (changes) => {
    saved.push(...changes.map(({ name }) => name));
    return memory.save(changes);
  };
  const watch = evaluateSamples({ ledger: { ...memory, save }, policies });
  const batch = [0, 4, 8, 12].flatMap((from) => [
    messageOf('c', 'nnAA', { from }),
    messageOf('d', 'nnnn', { from }),
  ]);
  await watch(batch);
  assert.deepEqual(saved.splice(0), ['c', 'd', 'g']);
  for (const again of [batch, batch.slice(4), batch.slice(0, 3)]) await watch(again);
  assert.deepEqual(saved, []);
  await watch([messageOf('c', 'nn', { from: 16 })]);
  assert.deepEqual(saved, ['c', 'g']);
});

test('before a change is made anew that met another one it is waited', async () => {
  const memory = memoryLedger();
  const waited: number[] = [];
  let conflicts = 3;
  const ledger: Ledger = {
    ...memory,
    save: (changes) => {
      conflicts -= 1;
      return conflicts >= 0 ? Promise.resolve(changes.map(() => 'conflict')) : memory.save(changes);
    },
    pause: (times) => Promise.resolve(void waited.push(times)),
  };
  await evaluateSamples({ ledger, policies })([messageOf('c', 'nn')]);
  assert.deepEqual(waited, [1, 2, 3]);
});
