import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';

const FLOWING = Array.from({ length: 4 }, (_, index) => `flow-${index}`);
const EVERY_MS = 250;

/** A stack without a stream gets one while messages come in. */
export const upgradeCases = (plant: () => Plant): void => {
  test('from direct to stream in the midst of an incident and of traffic, nothing is lost', async (context: TestContext) => {
    const { stack, play, publish, everything, store, deadLetters } = plant();
    const cylinder = 'press-10';
    const from = secondsAgo(60);
    const course = { gateway: 'line-3', cylinder, from, pattern: `${'n'.repeat(10)}${'A'.repeat(10)}` };
    await play(cylinder, messagesOf(course));
    const [raised] = await everything.of(cylinder, 1);

    const start = secondsAgo(1800);
    let sent = 0;
    const send = async (): Promise<void> => {
      for (const flowing of FLOWING) {
        const firstSeq = sent * 10;
        const flow = { gateway: 'line-9', cylinder: flowing, from: start + firstSeq * 1000, firstSeq };
        for (const message of messagesOf({ ...flow, pattern: 'n'.repeat(10) })) await publish(message);
      }
      sent += 1;
    };
    let isDeploying = true;
    const flow = async (): Promise<void> => {
      while (isDeploying) {
        await send();
        await sleep(EVERY_MS);
      }
      await send();
    };
    const deploy = async (): Promise<void> => {
      try {
        assert.doesNotMatch(await stack.deploy({ ingest: 'stream' }), /skipping/i);
      } finally {
        isDeploying = false;
      }
    };
    await Promise.all([deploy(), flow()]);
    context.diagnostic(`${sent * FLOWING.length} messages came while it was deployed`);
    assert.equal(stack.output('InferenceIngest'), 'stream');

    const later = { ...course, from: from + 20_000, pattern: 'A'.repeat(10), firstSeq: 20 };
    await play(cylinder, messagesOf(later));
    const alerts = await everything.of(cylinder, 2);
    assert.deepEqual(wordsOf(alerts), ['RAISED advisory', 'ESCALATED warning']);
    assert.deepEqual(alerts[0], raised);
    await eventually(
      () => store.count((name) => name === cylinder),
      (count) => count === 30,
    );
    await eventually(
      () => store.count((name) => FLOWING.includes(name)),
      (count) => count === sent * FLOWING.length * 10,
    );
    assert.equal(await deadLetters(), 0);
  });
};
