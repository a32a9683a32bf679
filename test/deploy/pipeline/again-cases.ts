import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';
import { runSentinel } from '../stack/run-sentinel.ts';

const openIncident = v.looseObject({ incident: v.looseObject({ id: v.string(), open: v.literal(true) }) });

/** A cylinder whose twin outlived its stack. */
const CYLINDER = 'press-11';

/**
 * A stack that is deployed once more after it was removed: its ledger is new, and the twins of before are still there.
 * `before` goes before the removal.
 */
export const againCases = (plant: () => Plant) => ({
  before(): void {
    test('a twin says a good deal of its cylinder before the stack is removed', async () => {
      const { play, twins, everything } = plant();
      const pattern = `${'n'.repeat(40)}${'A'.repeat(20)}${'n'.repeat(40)}`;
      const course = { gateway: 'line-3', cylinder: CYLINDER, from: secondsAgo(120), pattern };
      await play(CYLINDER, messagesOf(course));
      await everything.of(CYLINDER, 3);
      await eventually(
        () => twins.reported(CYLINDER),
        (twin) => Number(twin.recordVersion) >= 5,
      );
    });
  },
  after(reopen: () => Promise<void>): void {
    test('deployed again, cylinders of before have twins that go on, and commands are answered', async () => {
      const old = await plant().twins.reported(CYLINDER);
      await plant().stack.deploy();
      await reopen();
      const { play, twins, stack } = plant();
      const pattern = `${'n'.repeat(4)}${'A'.repeat(6)}`;
      await play(
        CYLINDER,
        messagesOf({
          gateway: 'line-3',
          cylinder: CYLINDER,
          from: secondsAgo(15),
          pattern,
          boot: '01JDAGAIN',
        }),
      );
      const twin = await eventually(
        () => twins.reported(CYLINDER),
        (reported) => v.is(openIncident, reported),
      );
      assert.ok(Number(twin.recordVersion) < Number(old.recordVersion));
      const aws = ['--cylinder', CYLINDER, '--aws'];
      const asked = await runSentinel(['ack', ...aws, '--by', 'Lee', '--comment', 'seen'], stack.env);
      assert.equal(asked.code, 0, asked.err);
    });
  },
});
