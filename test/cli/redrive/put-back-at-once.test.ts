import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fixtureText } from './fixture.ts';
import { startRedrive } from './start-redrive.ts';

describe('several at a time', () => {
  test('each is put back once, never more than allowed at the same time, nor beyond the limit', async () => {
    await using aws = await startRedrive();
    for (let number = 0; number < 30; number += 1) aws.send(`${number}`, fixtureText('async-record'));
    let running = 0;
    let most = 0;
    const allThere = Promise.withResolvers<void>();
    aws.control.function = async () => {
      running += 1;
      most = Math.max(most, running);
      if (running === 4) allThere.resolve();
      // Nobody is answered before the fourth is there, nor before one too many could be.
      await allThere.promise;
      await nextTurn();
      running -= 1;
      return { answer: {} };
    };
    assert.deepEqual(await aws.run('letters', { atOnce: 4, limit: 21 }), [21, {}]);
    assert.deepEqual([most, aws.calls.length, aws.letters.length], [4, 21, 9]);
    assert.deepEqual(await aws.run('letters', { atOnce: 4 }), [9, {}]);
  });

  test('where one may not be called, those at hand are finished, and all that stay can be seen', async () => {
    await using aws = await startRedrive();
    for (let number = 0; number < 12; number += 1) aws.send(`${number}`, fixtureText('async-record'));
    aws.control.function = () =>
      aws.calls.length === 2 ? { status: 403, code: 'AccessDeniedException' } : { answer: {} };
    await assert.rejects(aws.run('letters', { atOnce: 3 }), /access denied/);
    assert.equal(aws.letters.length, 12 - aws.calls.length + 1);
    assert.ok(aws.letters.every(({ hidden }) => !hidden));
  });
});
