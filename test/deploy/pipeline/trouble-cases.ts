import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';
import { redriveUntilStored } from '../stack/redrive.ts';

/** The first try of an asynchronous call, and two more. */
const TRIES = 3;

/** A telemetry store that refuses: nothing is lost, and nobody beside it suffers. */
export const troubleCases = (plant: () => Plant): void => {
  describe('while Timestream makes trouble', () => {
    afterEach(() => plant().stack.timestream.make('none'));

    test('a sample that it rejects is quarantined, and the others of its message are stored', async () => {
      const { stack, publish, quarantined, store } = plant();
      const from = secondsAgo(30);
      const [message] = messagesOf({ gateway: 'line-4', cylinder: 'old-01', from, pattern: 'n'.repeat(10) });
      assert.ok(message !== undefined);
      stack.timestream.make({ rejecting: `"${from + 4000}` });
      await publish(message);
      const [refused] = await eventually(
        async () => (await quarantined()).filter(({ topic }) => topic === message.topic),
        ({ length }) => length > 0,
      );
      assert.equal(refused?.bytes.toString('utf8'), message.payload);
      assert.match(refused.reasons, /time range/);
      const stored = (await store.samples('old-01')).map(({ t }) => (t - from) / 1000);
      assert.deepEqual(
        stored.toSorted((a, b) => a - b),
        [0, 1, 2, 3, 5, 6, 7, 8, 9],
      );
    });

    test('samples that it throttles wait as dead letters, the alarm goes on, and redrive stores them', async () => {
      const { stack, handOver, deadLetters, store, everything } = plant();
      const course = {
        gateway: 'line-4',
        cylinder: 'slow-01',
        from: secondsAgo(45),
        pattern: 'A'.repeat(30),
      };
      const messages = messagesOf(course);
      const count = () => store.count((name) => name === 'slow-01');
      stack.timestream.make('throttled');
      const writes = stack.timestream.writes();
      for (const message of messages) await handOver(['store', 'watch'], message);
      await eventually(deadLetters, (letters) => letters >= messages.length);
      assert.ok(stack.timestream.writes() - writes >= messages.length * TRIES);
      assert.equal(await count(), 0);
      await everything.of('slow-01', 1);

      stack.timestream.make('none');
      await redriveUntilStored(stack, deadLetters, count, 30);
      await eventually(deadLetters, (letters) => letters === 0);
    });
  });
};
