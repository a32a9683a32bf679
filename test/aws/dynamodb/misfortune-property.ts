import assert from 'node:assert/strict';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { LedgerError } from '../../../aws/aws-error.ts';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import type { LedgerChange, SaveOutcome } from '../../../usecases/ports/ledger.ts';
import {
  cylinderChange,
  cylinderRecord,
  gatewayChange,
  gatewayRecord,
} from '../../contract/opaque-records.ts';
import type { Mishap } from '../../fixture/dynamo/memory-dynamo.ts';
import { raised } from './changes.ts';

/** A table of the ledger, empty when opened, whose client meets the mishaps given last, one for each of its attempts. */
export type UnluckyTable = Readonly<{
  client: DynamoDBClient;
  table: string;
  meet(mishaps: readonly (Mishap | null)[]): void;
  close(): Promise<void>;
}>;

const KEYS = ['cylinder a', 'cylinder b', 'gateway a'] as const;

const courseOf = (mishaps: readonly Mishap[]) =>
  fc.array(
    fc.record({
      /** Which of two functions saves: what the one remembers of the index the other does not. */
      who: fc.constantFrom(0, 1),
      changes: fc.array(
        fc.record({
          key: fc.constantFrom(...KEYS),
          off: fc.constantFrom(0, 0, 0, -1, 1),
          tells: fc.boolean(),
          dueAt: fc.constantFrom(null, 0, 1000, 700_000),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      mishaps: fc.array(fc.option(fc.constantFrom(...mishaps)), { maxLength: 6 }),
    }),
    { maxLength: 8 },
  );

type Step = Readonly<{ key: (typeof KEYS)[number]; off: number; tells: boolean; dueAt: number | null }>;
type Planned = Readonly<{ key: string; label: string; change: LedgerChange; outcome: SaveOutcome }>;

const changeOf = ({ key, tells, dueAt }: Step, expected: number, label: string): LedgerChange => {
  const [kind, name = ''] = key.split(' ');
  const notices = tells ? [raised(label)] : [];
  return kind === 'cylinder'
    ? cylinderChange({ name, expected, notices, record: cylinderRecord(label, { dueAt }) })
    : gatewayChange({ name, expected, notices, record: gatewayRecord(label, dueAt) });
};

/** The changes of a step, with what has to become of each where the service does not fail for good. */
const planStep = (
  steps: readonly Step[],
  standing: ReadonlyMap<string, number>,
  at: number,
): readonly Planned[] => {
  const versions = new Map(standing);
  return steps.map((step, index) => {
    const { key, off } = step;
    const version = versions.get(key) ?? 0;
    const expected = Math.max(0, version + off);
    const label = `${at}.${index}`;
    if (expected === version) versions.set(key, version + 1);
    const outcome = expected === version ? 'saved' : 'conflict';
    return { key, label, change: changeOf(step, expected, label), outcome };
  });
};

/**
 * Whatever happens to the requests of its saves, exactly the changes that were saved stand, each whole, and each notice
 * is put once. Give the mishaps that the table knows.
 */
export const outlastsMisfortune = async (
  open: () => Promise<UnluckyTable>,
  mishaps: readonly Mishap[],
  numRuns: number,
): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(courseOf(mishaps), async (course) => {
      const { client, table, meet, close } = await open();
      const functionOf = () => createDynamoLedger({ client, table, pause: () => Promise.resolve() });
      const ledgers = [functionOf(), functionOf()];
      const standing = new Map<string, number>();
      const written: Planned[] = [];

      const versions = async (): Promise<ReadonlyMap<string, number>> => {
        const [cylinders, gateways] = await Promise.all([
          functionOf().cylinders(['a', 'b']),
          functionOf().gateways(['a']),
        ]);
        return new Map([
          ...[...cylinders].map(([name, { version }]) => [`cylinder ${name}`, version] as const),
          ...[...gateways].map(([name, { version }]) => [`gateway ${name}`, version] as const),
        ]);
      };

      for (const [at, { who, changes, mishaps: met }] of course.entries()) {
        const planned = planStep(changes, standing, at);
        meet(met);
        const outcomes = await ledgers[who]
          ?.save(planned.map(({ change }) => change))
          .catch((error: unknown) => {
            assert.ok(error instanceof LedgerError, String(error));
            return null;
          });
        meet([]);
        const after = await versions();
        if (outcomes !== null)
          assert.deepEqual(
            outcomes,
            planned.map(({ outcome }) => outcome),
          );
        for (const one of planned) {
          const isWritten = one.outcome === 'saved' && one.change.expected < (after.get(one.key) ?? 0);
          if (outcomes !== null) assert.equal(isWritten, one.outcome === 'saved');
          if (isWritten) written.push(one);
        }
        for (const key of KEYS) {
          assert.equal(after.get(key) ?? 0, written.filter((one) => one.key === key).length);
          standing.set(key, after.get(key) ?? 0);
        }
      }

      const ledger = functionOf();
      const records = { ...Object.fromEntries(await ledger.cylinders(['a', 'b'])) };
      for (const key of ['a', 'b'])
        assert.deepEqual(
          records[key]?.record,
          written.findLast((one) => one.key === `cylinder ${key}`)?.change.record,
        );
      const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
      assert.deepEqual(
        Items.flatMap(({ sk }) => (sk?.S?.startsWith('N#') ? [sk.S.slice(2)] : [])).toSorted(),
        written.flatMap(({ change, label }) => (change.notices.length > 0 ? [label] : [])).toSorted(),
      );
      await close();
    }),
    { numRuns },
  );
};
