import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { messagesOf } from '../stack/cylinder-message.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';

const CYLINDERS = 100;

const spread = (all: readonly number[]): string => {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
};

/** How long after the message that meets the condition people are told: measured and printed. */
export const latencyCases = (plant: () => Plant): void => {
  test('a condition that is met is told of, and how long that took is printed', async (context: TestContext) => {
    const { publish, everything } = plant();
    const sentAt = new Map<string, number>();
    for (let index = 0; index < CYLINDERS; index += 1) {
      const cylinder = `fast-${index}`;
      const course = { gateway: 'line-6', cylinder, from: secondsAgo(12), pattern: 'nnnnAAAAAA' };
      for (const message of messagesOf(course)) {
        sentAt.set(cylinder, Date.now());
        await publish(message);
      }
      await sleep(100);
    }
    const tookMs: number[] = [];
    for (const [cylinder, publishedAt] of sentAt) {
      const alerts = await everything.of(cylinder, 1);
      assert.equal(alerts.length, 1);
      tookMs.push((alerts[0]?.sentAt ?? Number.NaN) - publishedAt);
    }
    // The first few wake functions that slept.
    const awake = tookMs.slice(5);
    context.diagnostic(`published to told by SNS: ${spread(awake)} (${awake.length} incidents)`);
    context.diagnostic('in this is all that our functions add, and the part of the emulator');
  });
};
