import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../../../aws/dynamodb/key.ts';
import { type LineMessage, messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { expectedStates, settledStates } from '../stack/expected-states.ts';
import { runsOf } from '../stack/function-runs.ts';
import type { Call, Held } from '../stack/gate.ts';
import { killFunction } from '../stack/kill-function.ts';
import { ledgerItems, noticesOf } from '../stack/ledger-records.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';

/** What `store` and `watch` do with what they were given. */
const WRITES = ['WriteRecords', 'PutItem', 'TransactWriteItems'];
const WHEN = ['before', 'after'] as const;
const PATTERN = `${'n'.repeat(10)}${'A'.repeat(20)}${'n'.repeat(20)}`;

/** Waits until a function is in the middle of a call, for the so-manieth time, and kills it there. */
const killAt = async (name: string, held: Held, calls: number): Promise<void> => {
  await eventually(
    () => Promise.resolve(held.calls()),
    (count) => count === calls,
    { everyMs: 20 },
  );
  assert.equal(held.waiting(), 1);
  assert.ok((await killFunction(name)) > 0, `no process runs ${name}`);
  await eventually(
    () => Promise.resolve(held.waiting()),
    (count) => count === 0,
    { everyMs: 20 },
  );
};

/** Functions that die in the middle of their work: nothing is lost, and nothing told twice. */
export const killCases = (plant: () => Plant): void => {
  const writes =
    (cylinder: string) =>
    ({ operation, body }: Call): boolean =>
      WRITES.includes(operation) && body.includes(cylinder);

  for (const when of WHEN) {
    test(`store, killed twice ${when} Timestream has its samples, stores each once`, async () => {
      const { stack, handOver, store } = plant();
      const cylinder = `patient-store-${when}`;
      const [message] = messagesOf({
        gateway: 'line-5',
        cylinder,
        from: secondsAgo(30),
        pattern: 'n'.repeat(10),
      });
      assert.ok(message !== undefined);
      const held = stack.gates.timestream.hold(when, writes(cylinder));
      try {
        await handOver(['store'], message);
        await killAt(`${stack.name}-store`, held, 1);
        await killAt(`${stack.name}-store`, held, 2);
        await eventually(
          () => Promise.resolve(held.calls()),
          (count) => count === 3,
        );
      } finally {
        held.letGo();
      }
      await eventually(
        () => store.samples(cylinder),
        ({ length }) => length === 10,
      );
    });
  }

  test('watch, killed before and after each of its saves, ends as if nothing had happened', async () => {
    const { stack, handOver, ledger, everything } = plant();
    const cylinder = 'patient-watched';
    const from = secondsAgo(200);
    const course = { gateway: 'line-5', cylinder, from, pattern: PATTERN };
    const after = { ...course, from: from + 180_000, pattern: 'n', firstSeq: 180 };
    const messages: readonly LineMessage[] = [...messagesOf(course), ...messagesOf(after)];
    const versionOf = async () => (await ledger.cylinders([cylinder])).get(cylinder)?.version ?? 0;
    const runs = () => runsOf(stack, 'watch');
    for (const message of messages) {
      for (const when of WHEN) {
        const before = await versionOf();
        const runsBefore = await runs();
        const held = stack.gates.ledger.hold(when, writes(partitionOf({ kind: 'cylinder', name: cylinder })));
        try {
          await handOver(['watch'], message);
          await killAt(`${stack.name}-watch`, held, 1);
        } finally {
          held.letGo();
        }
        // The run that was killed, and one that did its work once more; what is saved already it does not save again.
        await eventually(runs, (count) => count >= runsBefore + 2);
        assert.equal(await versionOf(), before + 1);
      }
    }
    const states = await ledger.cylinders([cylinder]);
    assert.deepEqual(settledStates(states, [cylinder]), await expectedStates(messages, [cylinder]));
    assert.equal(await noticesOf(stack, cylinder), 3);
    const alerts = await everything.of(cylinder, 3);
    assert.deepEqual(wordsOf(alerts), ['RAISED advisory', 'ESCALATED warning', 'RECOVERED warning']);
  });

  test('notify, killed between telling people and telling analysts, tells people once and analysts still', async () => {
    const { stack, publish, everything, store } = plant();
    const cylinder = 'press-07';
    const told = async () =>
      (await ledgerItems(stack)).filter(
        ({ pk, toldAt }) => pk === partitionOf({ kind: 'cylinder', name: cylinder }) && toldAt !== undefined,
      ).length;
    const runs = () => runsOf(stack, 'notify');
    const runsBefore = await runs();
    const held = stack.gates.timestream.hold(
      'before',
      ({ body }) => body.includes(`${cylinder}@`) && body.includes('began_at'),
    );
    try {
      const course = { gateway: 'line-5', cylinder, from: secondsAgo(15), pattern: 'nnnnAAAAAA' };
      for (const message of messagesOf(course)) await publish(message);
      await eventually(told, (count) => count === 1);
      await killAt(`${stack.name}-notify`, held, 1);
    } finally {
      held.letGo();
    }
    await eventually(
      () => store.incidents(cylinder),
      ({ length }) => length === 1,
    );
    // The run that was killed, and at least one that did its work once more.
    await eventually(runs, (count) => count >= runsBefore + 2);
    assert.deepEqual(wordsOf(await everything.of(cylinder, 1)), ['RAISED advisory']);
  });
};
