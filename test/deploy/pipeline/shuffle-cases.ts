import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LineMessage, messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { expectedStates, settledStates } from '../stack/expected-states.ts';
import { GARBAGE, sortedBytes } from '../stack/garbage.ts';
import { noticesOf } from '../stack/ledger-records.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';

const CYLINDERS = Array.from({ length: 10 }, (_, index) => `patient-${index}`);
const PATTERN = `${'n'.repeat(20)}${'A'.repeat(30)}${'n'.repeat(50)}`;
/** Longer than any sample waits for stragglers: what comes after it settles all before. */
const LATER = PATTERN.length + 125;

const shuffled = <T>(items: readonly T[]): readonly T[] =>
  items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** Messages of one sample each, from a second of their cylinder's course on. */
const singles = (cylinder: string, from: number, second: number, letters: string): readonly LineMessage[] =>
  [...letters].flatMap((pattern, index) =>
    messagesOf({
      gateway: 'line-7',
      cylinder,
      from: from + (second + index) * 1000,
      pattern,
      firstSeq: second + index,
    }),
  );

/** A thousand messages in any order, each twice, with garbage among them. */
export const shuffleCases = (plant: () => Plant): void => {
  test('1,000 messages shuffled and each sent twice, garbage among them, end as they would in order', async (context: TestContext) => {
    const { stack, publish, everything, ledger, quarantined, store } = plant();
    const from = secondsAgo(LATER + 15);
    const inOrder = CYLINDERS.flatMap((cylinder) => singles(cylinder, from, 0, PATTERN));
    const last = CYLINDERS.flatMap((cylinder) => singles(cylinder, from, LATER, 'n'));
    const topic = 'greengrass/ml/inference/line-7/patient-0';
    const bad = GARBAGE.map((payload) => ({ topic, payload }));
    assert.equal(inOrder.length, 1000);

    const startedAt = Date.now();
    const once = [...inOrder, ...bad];
    const sent = shuffled([...once, ...once]);
    for (const message of sent) await publish(message);
    context.diagnostic(`${sent.length} messages sent in ${Math.round((Date.now() - startedAt) / 1000)} s`);
    const isOurs = (cylinder: string): boolean => CYLINDERS.includes(cylinder);
    await eventually(
      () => store.count(isOurs),
      (count) => count === inOrder.length,
    );
    await eventually(
      async () =>
        [...(await ledger.cylinders(CYLINDERS)).values()].map(
          ({ record }) => record.alarm.pendingSteps.length,
        ),
      (counts) => counts.length === CYLINDERS.length && counts.every((count) => count === PATTERN.length),
    );
    for (const message of last) await publish(message);

    for (const cylinder of CYLINDERS) {
      const alerts = await everything.of(cylinder, 3);
      assert.equal(await noticesOf(stack, cylinder), 3);
      assert.deepEqual(wordsOf(alerts), ['RAISED advisory', 'ESCALATED warning', 'RECOVERED warning']);
    }
    assert.deepEqual(
      settledStates(await ledger.cylinders(CYLINDERS), CYLINDERS),
      await expectedStates([...inOrder, ...last], CYLINDERS),
    );
    const kept = (await quarantined()).filter((one) => one.topic === topic);
    assert.deepEqual(sortedBytes(kept.map(({ bytes }) => bytes)), sortedBytes([...GARBAGE, ...GARBAGE]));
    assert.equal(await store.count(isOurs), inOrder.length + last.length);
  });
};
