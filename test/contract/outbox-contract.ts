import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import type { Outbox, OutboxItem } from '../../usecases/ports/outbox.ts';
import { cylinderChange, gatewayChange, incident, notice, transition, twin } from './opaque-records.ts';

/** A ledger with its outbox, empty when opened. */
export type OutboxUnderTest = Readonly<{
  ledger: Ledger;
  outbox: Outbox;
  /** The same ledger, let go of and opened anew. */
  restart(): Promise<OutboxUnderTest>;
  close(): Promise<void>;
}>;

const ALL = 1000;

const items = async (outbox: Outbox): Promise<readonly OutboxItem[]> =>
  (await outbox.pending(ALL)).map(({ item }) => item);

const steps = fc.array(
  fc.oneof(
    fc.record({ save: fc.constantFrom('a', 'b'), stale: fc.boolean(), withTwin: fc.boolean() }),
    fc.record({ done: fc.integer({ min: 1, max: 3 }) }),
    fc.constant('restart' as const),
  ),
  { maxLength: 20 },
);

/** What every outbox has to keep of its port. */
export const outboxContract = (
  name: string,
  open: () => Promise<OutboxUnderTest>,
  { runs = 100 }: Readonly<{ runs?: number }> = {},
): void => {
  const fresh = (use: (opened: OutboxUnderTest) => Promise<void>) => async () => {
    const opened = await open();
    await use(opened);
    await opened.close();
  };

  describe(`${name} keeps the contract of the outbox`, () => {
    test(
      'what a change brings goes out in order: transitions, incidents, notices, twin',
      fresh(async ({ ledger, outbox }) => {
        await ledger.save([
          cylinderChange({
            notices: [notice('n1'), notice('n2')],
            transitions: [transition('t1'), transition('t2')],
            incidents: [incident('i1')],
            twin: twin('w1'),
          }),
          gatewayChange({ notices: [notice('n3')] }),
        ]);
        assert.deepEqual(await items(outbox), [
          { kind: 'transition', transition: transition('t1') },
          { kind: 'transition', transition: transition('t2') },
          { kind: 'incident', incident: incident('i1') },
          { kind: 'notice', notice: notice('n1') },
          { kind: 'notice', notice: notice('n2') },
          { kind: 'twin', cylinder: 'cyl-07', twin: twin('w1'), version: 1 },
          { kind: 'notice', notice: notice('n3') },
        ]);
      }),
    );

    test(
      'a change that conflicts puts nothing into the outbox, and its neighbours do',
      fresh(async ({ ledger, outbox }) => {
        await ledger.save([
          cylinderChange({ name: 'a', notices: [notice('a')] }),
          cylinderChange({ name: 'b', expected: 7, notices: [notice('b')], twin: twin('b') }),
          cylinderChange({ name: 'c', notices: [notice('c')] }),
        ]);
        assert.deepEqual(await items(outbox), [
          { kind: 'notice', notice: notice('a') },
          { kind: 'notice', notice: notice('c') },
        ]);
      }),
    );

    test(
      'of several pending twins of a cylinder the newest is left, and those of others stay',
      fresh(async ({ ledger, outbox }) => {
        await ledger.save([
          cylinderChange({ name: 'a', twin: twin('a1') }),
          cylinderChange({ name: 'b', twin: twin('b1') }),
        ]);
        await ledger.save([cylinderChange({ name: 'a', expected: 1, twin: twin('a2') })]);
        await ledger.save([cylinderChange({ name: 'b', expected: 1 })]);
        assert.deepEqual(
          new Set((await items(outbox)).map((item) => JSON.stringify(item))),
          new Set([
            JSON.stringify({ kind: 'twin', cylinder: 'b', twin: twin('b1'), version: 1 }),
            JSON.stringify({ kind: 'twin', cylinder: 'a', twin: twin('a2'), version: 2 }),
          ]),
        );
      }),
    );

    test(
      'a twin that is newer than the one that went out stays when that one is done',
      fresh(async ({ ledger, outbox }) => {
        await ledger.save([cylinderChange({ twin: twin('old') })]);
        const [old] = await outbox.pending(1);
        assert.ok(old !== undefined);
        await ledger.save([cylinderChange({ expected: 1, twin: twin('new') })]);
        await outbox.done([old.id]);
        assert.deepEqual(await items(outbox), [
          { kind: 'twin', cylinder: 'cyl-07', twin: twin('new'), version: 2 },
        ]);
      }),
    );

    test('an id is never given twice, even after a restart with nothing pending', async () => {
      const before = await open();
      await before.ledger.save([cylinderChange({ notices: [notice('n1')] })]);
      const [first] = await before.outbox.pending(1);
      assert.ok(first !== undefined);
      await before.outbox.done([first.id]);
      await before.outbox.done([first.id, first.id + 1000]);
      await before.outbox.done([]);
      const after = await before.restart();
      assert.deepEqual(await after.outbox.pending(ALL), []);
      await after.ledger.save([cylinderChange({ expected: 1, notices: [notice('n2')] })]);
      const [second] = await after.outbox.pending(1);
      assert.ok(second !== undefined && second.id > first.id);
      await after.close();
    });

    test('any saves, stale or not, any deliveries and restarts: each saved notice goes out once, in order', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (course) => {
          let current = await open();
          const versions = new Map<string, number>();
          const saved: string[] = [];
          const out: string[] = [];
          const latestTwin = new Map<string, string>();
          const twinsOut = new Map<string, string>();
          const deliver = async (limit: number): Promise<number> => {
            const pending = await current.outbox.pending(limit);
            for (const { item } of pending) {
              if (item.kind === 'notice') out.push(JSON.stringify(item.notice));
              if (item.kind === 'twin') twinsOut.set(item.cylinder, JSON.stringify(item.twin));
            }
            await current.outbox.done(pending.map(({ id }) => id));
            return pending.length;
          };
          for (const [index, step] of course.entries()) {
            if (step === 'restart') {
              current = await current.restart();
            } else if ('done' in step) {
              assert.ok((await deliver(step.done)) <= step.done);
            } else {
              const version = versions.get(step.save) ?? 0;
              const label = `${index}`;
              const change = cylinderChange({
                name: step.save,
                expected: step.stale ? version + 1 : version,
                notices: [notice(label)],
                twin: step.withTwin ? twin(label) : null,
              });
              await current.ledger.save([change]);
              if (step.stale) continue;
              versions.set(step.save, version + 1);
              saved.push(JSON.stringify(notice(label)));
              if (step.withTwin) latestTwin.set(step.save, JSON.stringify(twin(label)));
            }
          }
          while ((await deliver(ALL)) > 0);
          assert.deepEqual(out, saved);
          assert.deepEqual(twinsOut, latestTwin);
          await current.close();
        }),
        { numRuns: runs },
      );
    });
  });
};
