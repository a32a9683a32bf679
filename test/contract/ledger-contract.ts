import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Ledger, LedgerChange, SaveOutcome } from '../../domain/ports/ledger.ts';
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

const sortedNames = async (ledger: Ledger) => {
  const { cylinders, gateways } = await ledger.names();
  return { cylinders: [...cylinders].sort(), gateways: [...gateways].sort() };
};

const standingIn = async (ledger: Ledger) => ({
  cylinders: await ledger.cylinders(['a', 'b', 'c']),
  gateways: await ledger.gateways(['a', 'b', 'c']),
  names: await sortedNames(ledger),
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
  const cylinders = of('cylinder', cylinderRecord);
  const gateways = of('gateway', gatewayRecord);
  return { cylinders, gateways, names: { cylinders: [...cylinders.keys()], gateways: [...gateways.keys()] } };
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
        assert.deepEqual(await ledger.names(), { cylinders: [], gateways: [] });
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
        assert.deepEqual(await ledger.names(), { cylinders: ['x'], gateways: ['x'] });
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
        assert.deepEqual(await ledger.names(), { cylinders: [], gateways: [] });
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
