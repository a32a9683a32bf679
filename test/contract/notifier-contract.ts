import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Notice } from '../../domain/notice/notice.ts';
import type { Notifier } from '../../usecases/ports/notification-log.ts';

/** A notifier, the ids of the notices that people have been notified by it, and a way to make its service fail. */
export type NotifierUnderTest = Readonly<{
  notifier: Notifier;
  /** Notice ids in the order in which they were notified. */
  notified(): Promise<readonly string[]>;
  /** Whatever is notified from now on fails, until it works again; absent where the service cannot be made to fail. */
  breakDown?(): void;
  repair?(): void;
  close(): Promise<void>;
}>;

const AT = 1_763_800_600_000;

export const silence = (id: string): Notice => ({
  output: { kind: 'notice', type: 'OFFLINE', gateway: 'line-3', id, at: AT },
  facts: null,
});

export const raised = (id: string): Notice => ({
  output: {
    kind: 'notice',
    type: 'RAISED',
    cylinder: 'cyl-07',
    id,
    incident: 'cyl-07@1763800000000',
    severity: 'warning',
    at: AT,
  },
  facts: null,
});

/** What every notifier has to keep of its port. */
export const notifierContract = (name: string, open: () => Promise<NotifierUnderTest>): void => {
  const keeps = (check: (given: NotifierUnderTest) => Promise<void>) => async () => {
    const given = await open();
    try {
      await check(given);
    } finally {
      await given.close();
    }
  };

  describe(`${name} keeps the contract of the notifier`, () => {
    test(
      'what was notified is out when it resolves, once for each call, in the order of the calls',
      keeps(async ({ notifier, notified }) => {
        await notifier.notify(raised('cyl-07@1#1'));
        assert.deepEqual(await notified(), ['cyl-07@1#1']);
        await notifier.notify(silence('line-3@1#1'));
        await notifier.notify(raised('cyl-07@1#1'));
        assert.deepEqual(await notified(), ['cyl-07@1#1', 'line-3@1#1', 'cyl-07@1#1']);
      }),
    );
    test(
      'when the service fails it rejects, and works again when the service does',
      keeps(async ({ notifier, notified, breakDown, repair }) => {
        breakDown?.();
        if (breakDown !== undefined) await assert.rejects(notifier.notify(raised('cyl-07@1#1')));
        repair?.();
        await notifier.notify(raised('cyl-07@1#2'));
        assert.deepEqual(await notified(), ['cyl-07@1#2']);
      }),
    );
  });
};
