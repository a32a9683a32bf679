import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesOf } from '../stack/cylinder-message.ts';
import type { Stack } from '../stack/deploy-stage.ts';
import { eventually } from '../stack/eventually.ts';
import { GARBAGE, sortedBytes } from '../stack/garbage.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';

/** What becomes of messages that nobody understands, and of those beside them. */
export const garbageCases = (plant: () => Plant<Stack>): void => {
  test('garbage goes to the quarantine with its bytes and the reason, and its neighbours are stored', async () => {
    const { stack, publish, quarantined, store } = plant();
    const cylinder = stack.cylinder('clean-01');
    const topic = `greengrass/ml/inference/line-8/${cylinder}`;
    const good = messagesOf({ gateway: 'line-8', cylinder, from: secondsAgo(60), pattern: 'n'.repeat(40) });
    for (const [index, message] of good.entries()) {
      await publish(message);
      const payload = GARBAGE[index];
      if (payload !== undefined) await publish({ topic, payload });
    }
    const kept = await eventually(
      async () => (await quarantined()).filter((one) => one.topic === topic),
      (all) => all.length >= GARBAGE.length,
    );
    assert.deepEqual(sortedBytes(kept.map(({ bytes }) => bytes)), sortedBytes(GARBAGE));
    assert.ok(
      kept.every(({ reasons }) => /not-utf8|not-json/.test(reasons)),
      kept.map(({ reasons }) => reasons).join('\n'),
    );
    await eventually(
      () => store.count((name) => name === cylinder),
      (count) => count === 40,
    );
  });
};
