import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from '../../../desk/api/rate-limit.ts';

test('of what is asked at once one is done after the other, and all else gets its turn between them', async () => {
  const turn = inTurn();
  let others = 0;
  let isOver = false;
  const other = (): void => {
    others += 1;
    if (!isOver) setImmediate(other);
  };
  setImmediate(other);
  const seen = await Promise.all([1, 2, 3].map((name) => turn(() => Promise.resolve({ name, others }))));
  isOver = true;
  assert.deepEqual(
    seen.map(({ name }) => name),
    [1, 2, 3],
  );
  const [first, , third] = seen.map((one) => one.others);
  assert.ok((first ?? 0) < (third ?? 0));
});

test('what fails holds up nobody', async () => {
  const turn = inTurn();
  const failing = turn(() => Promise.reject(new Error('no disk')));
  const next = turn(() => Promise.resolve('done'));
  await assert.rejects(failing, /no disk/);
  assert.equal(await next, 'done');
});
