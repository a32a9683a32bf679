import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NoticeSubject, NotificationLog } from '../../usecases/ports/notification-log.ts';

/** A notification log with its lease, and a way to put a notice in as the ledger does. */
export type NotificationLogUnderTest = Readonly<{
  log: NotificationLog;
  /** How long a claim holds, ms. */
  leaseMs: number;
  put(subject: NoticeSubject, noticeId: string): Promise<void>;
  close(): Promise<void>;
}>;

const CYLINDER: NoticeSubject = { kind: 'cylinder', name: 'cyl-07' };
const GATEWAY: NoticeSubject = { kind: 'gateway', name: 'cyl-07' };
const ID = 'cyl-07@1763800000000#1';
const NOW = 1_763_800_600_000;

/** What every notification log has to keep of its port. `open` gives a log of which no notice has been asked for. */
export const notificationLogContract = (
  name: string,
  open: () => Promise<NotificationLogUnderTest>,
): void => {
  const keeps =
    (check: (given: NotificationLogUnderTest) => Promise<void>, puts: readonly string[] = [ID]) =>
    async () => {
      const given = await open();
      try {
        for (const id of puts) await given.put(CYLINDER, id);
        await check(given);
      } finally {
        await given.close();
      }
    };

  describe(`${name} keeps the contract of the log`, () => {
    test(
      'a notice is claimed once, and notified for ever',
      keeps(async ({ log, leaseMs }) => {
        assert.equal(await log.claim(CYLINDER, ID, NOW), 'claimed');
        assert.equal(await log.claim(CYLINDER, ID, NOW), 'busy');
        await log.notified(CYLINDER, ID, NOW + 1);
        await log.notified(CYLINDER, ID, NOW + 2);
        assert.equal(await log.claim(CYLINDER, ID, NOW + 3), 'notified');
        assert.equal(await log.claim(CYLINDER, ID, NOW + 2 * leaseMs), 'notified');
      }),
    );
    test(
      'a notice waits for the one before it to be notified, unless that one is not in the log',
      keeps(
        async ({ log }) => {
          const [first, second] = [ID, ID.replace('#1', '#2')];
          assert.equal(await log.claim(CYLINDER, second, NOW), 'busy');
          assert.equal(await log.claim(CYLINDER, ID.replace('#1', '#5'), NOW), 'claimed');
          await log.claim(CYLINDER, first, NOW);
          assert.equal(await log.claim(CYLINDER, second, NOW), 'busy');
          await log.notified(CYLINDER, first, NOW);
          assert.equal(await log.claim(CYLINDER, second, NOW), 'claimed');
        },
        [ID, ID.replace('#1', '#2'), ID.replace('#1', '#5')],
      ),
    );
    test(
      'of many who ask at once one gets it',
      keeps(async ({ log }) => {
        const claims = await Promise.all(Array.from({ length: 8 }, () => log.claim(CYLINDER, ID, NOW)));
        assert.deepEqual(claims.toSorted(), [...Array.from({ length: 7 }, () => 'busy'), 'claimed']);
      }),
    );
    test(
      'a claim lapses, and one who asks then gets it',
      keeps(async ({ log, leaseMs }) => {
        await log.claim(CYLINDER, ID, NOW);
        assert.equal(await log.claim(CYLINDER, ID, NOW + leaseMs - 1), 'busy');
        assert.equal(await log.claim(CYLINDER, ID, NOW + leaseMs), 'claimed');
        assert.equal(await log.claim(CYLINDER, ID, NOW + leaseMs + 1), 'busy');
      }),
    );
    test(
      'a claim that is given up can be had at once',
      keeps(async ({ log }) => {
        await log.claim(CYLINDER, ID, NOW);
        await log.release(CYLINDER, ID);
        assert.equal(await log.claim(CYLINDER, ID, NOW), 'claimed');
      }),
    );
    test(
      'what is notified stays notified when somebody gives it up late',
      keeps(async ({ log }) => {
        await log.claim(CYLINDER, ID, NOW);
        await log.notified(CYLINDER, ID, NOW);
        await log.release(CYLINDER, ID);
        assert.equal(await log.claim(CYLINDER, ID, NOW), 'notified');
      }),
    );
    test(
      'notices are apart by id, and a gateway is not the cylinder of its name',
      keeps(
        async (given) => {
          await given.put(GATEWAY, ID);
          assert.equal(await given.log.claim(CYLINDER, ID, NOW), 'claimed');
          assert.equal(await given.log.claim(CYLINDER, `${ID}0`, NOW), 'claimed');
          assert.equal(await given.log.claim(GATEWAY, ID, NOW), 'claimed');
        },
        [ID, `${ID}0`],
      ),
    );
    test(
      'a notice that is not there is one that was notified long ago, and nothing brings it back',
      keeps(async ({ log, leaseMs }) => {
        assert.equal(await log.claim(CYLINDER, ID, NOW), 'notified');
        await log.release(CYLINDER, ID);
        await log.notified(CYLINDER, ID, NOW);
        assert.equal(await log.claim(CYLINDER, ID, NOW + 2 * leaseMs), 'notified');
      }, []),
    );
  });
};
