import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createGroupCommit } from '../../../local/pipeline/group-commit.ts';

const LONG_MS = 60_000;

test('items are committed in their order, each once, in groups no larger than the most, one group at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (maxItems, pauses) => {
        const committed: number[] = [];
        let underWay = 0;
        const group = createGroupCommit<number>(
          async (items) => {
            underWay += 1;
            assert.equal(underWay, 1);
            assert.ok(items.length > 0 && items.length <= maxItems);
            await new Promise((resolve) => setImmediate(resolve));
            committed.push(...items);
            underWay -= 1;
          },
          { lingerMs: 0, maxItems },
        );
        const added: Promise<void>[] = [];
        for (const [item, pause] of pauses.entries()) {
          added.push(group.add(item));
          if (pause) await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.all(added);
        assert.deepEqual(
          committed,
          pauses.map((_, item) => item),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('a group that is full does not wait for more', async () => {
  const groups: (readonly string[])[] = [];
  const group = createGroupCommit<string>(
    (items) => {
      groups.push(items);
      return Promise.resolve();
    },
    { lingerMs: LONG_MS, maxItems: 2 },
  );
  await Promise.all([group.add('a'), group.add('b')]);
  assert.deepEqual(groups, [['a', 'b']]);
});

/** The sizes of the groups where one more item comes in each of so many waits after the first. */
const groupsOf = async (maxLingers: number, more: number): Promise<readonly number[]> => {
  const sizes: number[] = [];
  let items = 0;
  const group = createGroupCommit<number>(
    (its) => {
      sizes.push(its.length);
      return Promise.resolve();
    },
    {
      lingerMs: 1,
      maxLingers,
      maxItems: Infinity,
      wait: async () => {
        await Promise.resolve();
        if (items <= more) void group.add(items++);
      },
    },
  );
  await group.add(items++);
  return sizes;
};

test('the first waits on for as long as others come', async () => {
  assert.deepEqual(await groupsOf(Infinity, 5), [6]);
});

test('the first waits so many times at most, whatever comes', async () => {
  assert.deepEqual(await groupsOf(2, 5), [3]);
});

test('idle cuts the waiting short and resolves when all is committed', async () => {
  const groups: (readonly string[])[] = [];
  const group = createGroupCommit<string>(
    (items) => {
      groups.push(items);
      return Promise.resolve();
    },
    { lingerMs: LONG_MS, maxItems: 100 },
  );
  const added = group.add('a');
  await group.idle();
  await added;
  assert.deepEqual(groups, [['a']]);
  await group.idle();
});

test('a commit that fails rejects its own group alone, and the next goes on', async () => {
  let calls = 0;
  const group = createGroupCommit<string>(
    () => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('disk')) : Promise.resolve();
    },
    { lingerMs: 0, maxItems: 2 },
  );
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((item) => group.add(item)));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
});

test('what comes from the only sender goes at once, and with several senders most wait for others', async () => {
  const groups: (readonly string[])[] = [];
  const group = createGroupCommit<string>(
    (items) => {
      groups.push(items);
      return Promise.resolve();
    },
    { lingerMs: LONG_MS, maxItems: 100, senderOf: (item) => item.slice(0, 1) },
  );
  for (let number = 0; number < 30; number += 1) await group.add(`a${number}`);
  assert.equal(groups.length, 30);
  // A few in a second go at once still: devices that send seldom are answered at once.
  for (let number = 0; number < 5; number += 1) await group.add(`b${number}`);
  const both = [group.add('a'), group.add('b')];
  await group.idle();
  await Promise.all(both);
  assert.deepEqual(groups.at(-1), ['a', 'b']);
});
