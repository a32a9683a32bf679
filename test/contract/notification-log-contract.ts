import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NoticeSubject, NotificationLog } from '../../usecases/ports/notification-log.ts';

/** A box of notices with its lease, and a way to put a notice in as the ledger does. */
export type NoticeBoxUnderTest = Readonly<{
  box: NotificationLog;
  /** How long a claim holds, ms. */
  leaseMs: number;
  put(subject: NoticeSubject, noticeId: string): Promise<void>;
  close(): Promise<void>;
}>;

const CYLINDER: NoticeSubject = { kind: 'cylinder', name: 'cyl-07' };
const GATEWAY: NoticeSubject = { kind: 'gateway', name: 'cyl-07' };
const ID = 'cyl-07@1763800000000#1';
const NOW = 1_763_800_600_000;

/** What every box of notices has to keep of its port. `open` gives a box of which no notice has been asked for. */
export const notificationLogContract = (name: string, open: () => Promise<NoticeBoxUnderTest>): void => {
  const keeps =
    (check: (given: NoticeBoxUnderTest) => Promise<void>, puts: readonly string[] = [ID]) =>
    async () => {
      const given = await open();
      try {
        for (const id of puts) await given.put(CYLINDER, id);
        await check(given);
      } finally {
        await given.close();
      }
    };

  describe(`${name} keeps the contract of the notice box`, () => {
    test(
      'a notice is claimed once, and told for ever',
      keeps(async ({ box, leaseMs }) => {
        assert.equal(await box.claim(CYLINDER, ID, NOW), 'claimed');
        assert.equal(await box.claim(CYLINDER, ID, NOW), 'busy');
        await box.told(CYLINDER, ID, NOW + 1);
        await box.told(CYLINDER, ID, NOW + 2);
        assert.equal(await box.claim(CYLINDER, ID, NOW + 3), 'told');
        assert.equal(await box.claim(CYLINDER, ID, NOW + 2 * leaseMs), 'told');
      }),
    );
    test(
      'a notice waits for the one before it to be told, unless that one is not in the box',
      keeps(
        async ({ box }) => {
          const [first, second] = [ID, ID.replace('#1', '#2')];
          assert.equal(await box.claim(CYLINDER, second, NOW), 'busy');
          assert.equal(await box.claim(CYLINDER, ID.replace('#1', '#5'), NOW), 'claimed');
          await box.claim(CYLINDER, first, NOW);
          assert.equal(await box.claim(CYLINDER, second, NOW), 'busy');
          await box.told(CYLINDER, first, NOW);
          assert.equal(await box.claim(CYLINDER, second, NOW), 'claimed');
        },
        [ID, ID.replace('#1', '#2'), ID.replace('#1', '#5')],
      ),
    );
    test(
      'of many who ask at once one gets it',
      keeps(async ({ box }) => {
        const claims = await Promise.all(Array.from({ length: 8 }, () => box.claim(CYLINDER, ID, NOW)));
        assert.deepEqual(claims.toSorted(), [...Array.from({ length: 7 }, () => 'busy'), 'claimed']);
      }),
    );
    test(
      'a claim lapses, and one who asks then gets it',
      keeps(async ({ box, leaseMs }) => {
        await box.claim(CYLINDER, ID, NOW);
        assert.equal(await box.claim(CYLINDER, ID, NOW + leaseMs - 1), 'busy');
        assert.equal(await box.claim(CYLINDER, ID, NOW + leaseMs), 'claimed');
        assert.equal(await box.claim(CYLINDER, ID, NOW + leaseMs + 1), 'busy');
      }),
    );
    test(
      'a claim that is given up can be had at once',
      keeps(async ({ box }) => {
        await box.claim(CYLINDER, ID, NOW);
        await box.release(CYLINDER, ID);
        assert.equal(await box.claim(CYLINDER, ID, NOW), 'claimed');
      }),
    );
    test(
      'what is told stays told when somebody gives it up late',
      keeps(async ({ box }) => {
        await box.claim(CYLINDER, ID, NOW);
        await box.told(CYLINDER, ID, NOW);
        await box.release(CYLINDER, ID);
        assert.equal(await box.claim(CYLINDER, ID, NOW), 'told');
      }),
    );
    test(
      'notices are apart by id, and a gateway is not the cylinder of its name',
      keeps(
        async (given) => {
          await given.put(GATEWAY, ID);
          assert.equal(await given.box.claim(CYLINDER, ID, NOW), 'claimed');
          assert.equal(await given.box.claim(CYLINDER, `${ID}0`, NOW), 'claimed');
          assert.equal(await given.box.claim(GATEWAY, ID, NOW), 'claimed');
        },
        [ID, `${ID}0`],
      ),
    );
    test(
      'a notice that is not there is one that was told long ago, and nothing brings it back',
      keeps(async ({ box, leaseMs }) => {
        assert.equal(await box.claim(CYLINDER, ID, NOW), 'told');
        await box.release(CYLINDER, ID);
        await box.told(CYLINDER, ID, NOW);
        assert.equal(await box.claim(CYLINDER, ID, NOW + 2 * leaseMs), 'told');
      }, []),
    );
  });
};
