import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saveUntilSettled } from '../../../usecases/ledger/change-records.ts';
import type { SaveOutcome } from '../../../usecases/ports/ledger.ts';
import { memoryLedger } from '../../contract/memory-ledger.ts';
import { gatewayChange } from '../../contract/opaque-records.ts';

/** A ledger that answers one save after the other as it is told, and notes what was asked. */
const answering = (...answers: readonly (readonly SaveOutcome[])[]) => {
  const saved: string[][] = [];
  return {
    saved,
    ledger: {
      ...memoryLedger(),
      save: (changes: readonly { name: string }[]) => {
        saved.push(changes.map(({ name }) => name));
        return Promise.resolve(answers[saved.length - 1] ?? []);
      },
    },
  };
};

const changesFor = (names: readonly string[]) =>
  Promise.resolve(names.map((name) => gatewayChange({ name })));

test('what was saved is not made again, what was in conflict is made anew until it settles', async () => {
  const { ledger, saved } = answering(['saved', 'conflict', 'conflict'], ['conflict', 'saved'], ['saved']);
  await saveUntilSettled(ledger, ['a', 'b', 'c'], changesFor);
  assert.deepEqual(saved, [['a', 'b', 'c'], ['b', 'c'], ['b']]);
});

test('a name of which nothing changes is settled, and without a change nothing is saved', async () => {
  const { ledger, saved } = answering(['conflict']);
  let isFirst = true;
  await saveUntilSettled(ledger, ['a', 'b'], (names) => {
    const changes = isFirst ? changesFor(names.slice(0, 1)) : Promise.resolve([]);
    isFirst = false;
    return changes;
  });
  assert.deepEqual(saved, [['a']]);
});

test('no names are no work', async () => {
  const { ledger, saved } = answering();
  await saveUntilSettled(ledger, [], () => Promise.reject(new Error('asked')));
  assert.deepEqual(saved, []);
});
