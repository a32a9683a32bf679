import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Ledger, LedgerChange, SaveOutcome } from '../../usecases/ports/ledger.ts';
import { cylinderChange, cylinderRecord, gatewayChange, gatewayRecord } from './opaque-records.ts';

/** A ledger, empty when opened. */
export type LedgerUnderTest = Readonly<{
  ledger: Ledger;
  /** The same ledger, let go of and opened anew. */
  restart(): Promise<LedgerUnderTest>;
  close(): Promise<void>;
}>;

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.array(
        fc.record({
          kind: fc.constantFrom('cylinder' as const, 'gateway' as const),
          name: fc.constantFrom('a', 'b', 'c'),
          // How far the expected version is from the one that stands; mostly it is right.
          off: fc.constantFrom(0, 0, 0, -1, 1),
        }),
        { maxLength: 6 },
      ),
    },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  { maxLength: 12 },
);

type Standing = Map<string, Readonly<{ label: string; version: number }>>;

/** The change that a step asks for, and what has to become of it; where it is saved, it stands from now on. */
const plan = (
  standing: Standing,
  { kind, name, off }: Readonly<{ kind: 'cylinder' | 'gateway'; name: string; off: number }>,
  label: string,
): readonly [LedgerChange, SaveOutcome] => {
  const key = `${kind} ${name}`;
  const version = standing.get(key)?.version ?? 0;
  const expected = Math.max(0, version + off);
  if (expected === version) standing.set(key, { label, version: version + 1 });
  const change =
    kind === 'cylinder'
      ? cylinderChange({ name, expected, record: cylinderRecord(label) })
      : gatewayChange({ name, expected, record: gatewayRecord(label) });
  return [change, expected === version ? 'saved' : 'conflict'];
};

const standingIn = async (ledger: Ledger) => ({
  cylinders: await ledger.cylinders(['a', 'b', 'c']),
  gateways: await ledger.gateways(['a', 'b', 'c']),
});

const asExpected = (standing: Standing) => {
  const of = <T>(kind: string, record: (label: string) => T) =>
    new Map(
      ['a', 'b', 'c'].flatMap((name) => {
        const kept = standing.get(`${kind} ${name}`);
        return kept === undefined
          ? []
          : [[name, { record: record(kept.label), version: kept.version }] as const];
      }),
    );
  return {
    cylinders: of('cylinder', (label) => cylinderRecord(label)),
    gateways: of('gateway', (label) => gatewayRecord(label)),
  };
};

/** What every ledger has to keep of its port. */
export const ledgerContract = (
  name: string,
  open: () => Promise<LedgerUnderTest>,
  { runs = 100 }: Readonly<{ runs?: number }> = {},
): void => {
  const fresh = (use: (ledger: Ledger) => Promise<void>) => async () => {
    const { ledger, close } = await open();
    await use(ledger);
    await close();
  };

  describe(`${name} keeps the contract of the ledger`, () => {
    test(
      'what was never saved is not there',
      fresh(async (ledger) => {
        assert.deepEqual(await ledger.cylinders(['cyl-07']), new Map());
        assert.deepEqual(await ledger.gateways([]), new Map());
        assert.deepEqual(await ledger.due(Number.MAX_SAFE_INTEGER), { cylinders: [], gateways: [] });
        assert.deepEqual(await ledger.cylindersOf('line-3'), []);
        assert.deepEqual(await ledger.save([]), []);
      }),
    );

    test(
      'a cylinder and a gateway of one name are two records',
      fresh(async (ledger) => {
        const changes = [cylinderChange({ name: 'x' }), gatewayChange({ name: 'x' })];
        assert.deepEqual(await ledger.save(changes), ['saved', 'saved']);
        const record = { record: cylinderRecord('first'), version: 1 };
        assert.deepEqual(await ledger.cylinders(['x', 'y']), new Map([['x', record]]));
        assert.deepEqual(
          await ledger.gateways(['x', 'y']),
          new Map([['x', { ...record, record: gatewayRecord('first') }]]),
        );
      }),
    );

    test(
      'of two changes of one record that were made from the same version, the second is a conflict',
      fresh(async (ledger) => {
        const [first, second] = ['first', 'second'].map((label) =>
          cylinderChange({ record: cylinderRecord(label) }),
        );
        assert.ok(first !== undefined && second !== undefined);
        assert.deepEqual(await ledger.save([first, second, { ...second, expected: 1 }]), [
          'saved',
          'conflict',
          'saved',
        ]);
        const kept = await ledger.cylinders(['cyl-07']);
        assert.deepEqual(kept.get('cyl-07'), { record: cylinderRecord('second'), version: 2 });
      }),
    );

    test(
      'a change that expects a record which is not there is a conflict',
      fresh(async (ledger) => {
        assert.deepEqual(await ledger.save([cylinderChange({ expected: 1 })]), ['conflict']);
        assert.deepEqual(await ledger.cylinders(['cyl-07']), new Map());
      }),
    );

    test(
      'what is due by a time is found, in whatever order it was saved; what has nothing to wait for may be left out',
      fresh(async (ledger) => {
        const due = (name: string, dueAt: number | null, expected = 0) =>
          cylinderChange({ name, expected, record: cylinderRecord(name, { dueAt }) });
        const gatewayDue = (name: string, dueAt: number | null, expected = 0) =>
          gatewayChange({ name, expected, record: gatewayRecord(name, dueAt) });
        await ledger.save([due('late', 1_000_000), due('early', 5), due('never', null)]);
        await ledger.save([gatewayDue('late', 1_000_000), gatewayDue('early', 5), gatewayDue('never', null)]);
        const found = async (now: number) => {
          const { cylinders, gateways } = await ledger.due(now);
          return [cylinders, gateways].map((names) => new Set(names));
        };
        for (const names of await found(5)) assert.ok(names.has('early'));
        for (const names of await found(1_000_000)) assert.ok(names.has('early') && names.has('late'));
        await ledger.save([due('late', 3, 1), due('early', 2_000_000, 1), gatewayDue('never', 4, 1)]);
        const [cylinders, gateways] = await found(5);
        assert.ok(cylinders?.has('late'));
        assert.ok(gateways?.has('never'));
        for (const names of await found(2_000_000)) assert.ok(names.has('early') && names.has('late'));
        assert.ok((await ledger.due(0, 1_000_000)).cylinders.includes('early'));
      }),
    );

    test(
      'the cylinders of a gateway are those whose last sample came by it',
      fresh(async (ledger) => {
        const by = (name: string, gateway: string | null, expected = 0) =>
          cylinderChange({ name, expected, record: cylinderRecord(name, { gateway }) });
        await ledger.save([by('a', 'g'), by('b', 'h'), by('c', 'g'), by('d', null)]);
        assert.deepEqual([...(await ledger.cylindersOf('g'))].sort(), ['a', 'c']);
        await ledger.save([by('a', 'h', 1)]);
        assert.deepEqual(await ledger.cylindersOf('g'), ['c']);
        assert.deepEqual([...(await ledger.cylindersOf('h'))].sort(), ['a', 'b']);
      }),
    );

    test('names keep whatever characters they have', async () => {
      const { ledger, close } = await open();
      const names = ["o'neil", 'a/b', '__proto__', 'constructor', 'ü', 'cyl:8_b'];
      await ledger.save(names.map((cylinder) => cylinderChange({ name: cylinder })));
      assert.deepEqual([...(await ledger.cylinders(names)).keys()], names);
      await close();
    });

    test('after any saves with right and stale versions, and restarts, exactly the saved changes stand', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (course) => {
          let current = await open();
          const standing: Standing = new Map();
          for (const [index, step] of course.entries()) {
            if (step === 'restart') {
              current = await current.restart();
              continue;
            }
            const planned = step.map((one, at) => plan(standing, one, `${index}.${at}`));
            const outcomes = await current.ledger.save(planned.map(([change]) => change));
            assert.deepEqual(
              outcomes,
              planned.map(([, outcome]) => outcome),
            );
            assert.deepEqual(await standingIn(current.ledger), asExpected(standing));
          }
          await current.close();
        }),
        { numRuns: runs },
      );
    });
  });
};
