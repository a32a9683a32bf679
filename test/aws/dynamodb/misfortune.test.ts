import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerError } from '../../../aws/aws-error.ts';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { createDynamoNotificationLog } from '../../../aws/dynamodb/notification-log.ts';
import { cylinderChange, cylinderRecord } from '../../contract/opaque-records.ts';
import { type MemoryDynamo, type Mishap, memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { RUNS } from '../../fixture/property-runs.ts';
import { raised } from './changes.ts';
import { outlastsMisfortune } from './misfortune-property.ts';
import { ledgerOn } from './under-test.ts';

const WRITE_MISHAPS = ['unreached', 'lost', 'throttled', 'broken', 'contended'] as const;
const NOW = 1_763_800_600_000;
const CYLINDER = { kind: 'cylinder', name: 'cyl-07' } as const;

/** Lets the mishaps befall the attempts to come, one each. */
const meet = (dynamo: MemoryDynamo, mishaps: readonly (Mishap | null)[]): void => {
  const left = [...mishaps];
  dynamo.fail(() => left.shift() ?? null);
};

test('whatever befalls its requests, exactly what was saved stands, and each notice is put once', async () => {
  const inserted: string[] = [];
  await outlastsMisfortune(
    () => {
      const dynamo = memoryDynamo();
      return Promise.resolve({
        client: dynamo.client,
        table: 'ledger',
        meet: (mishaps) => meet(dynamo, mishaps),
        close: () => {
          const puts = dynamo
            .stream()
            .map(({ eventName, dynamodb }) => `${eventName} ${JSON.stringify(dynamodb?.Keys)}`);
          const notices = puts.filter((put) => put.includes('"N#'));
          inserted.push(...notices);
          assert.equal(new Set(notices).size, notices.length);
          assert.ok(notices.every((put) => put.startsWith('INSERT')));
          return Promise.resolve();
        },
      });
    },
    WRITE_MISHAPS,
    Math.ceil(RUNS.numRuns / 10),
  );
  assert.ok(inserted.length > 0);
});

for (const mishap of ['lost', 'unreached', 'throttled', 'broken', 'contended'] as const) {
  test(`a save whose request is ${mishap} is made once more, and is no conflict`, async () => {
    const dynamo = memoryDynamo();
    for (const notices of [[], [raised('a')]]) {
      const expected = dynamo.items().length;
      meet(dynamo, [mishap]);
      assert.deepEqual(await ledgerOn(dynamo).save([cylinderChange({ expected, notices })]), ['saved']);
    }
    assert.deepEqual(
      dynamo.stream().map(({ eventName, dynamodb }) => [eventName, dynamodb?.Keys?.sk?.S]),
      [
        ['INSERT', 'STATE'],
        ['MODIFY', 'STATE'],
        ['INSERT', 'N#a'],
      ],
    );
  });
}

test('what another saved meanwhile is a conflict, also where the answer to it was lost', async () => {
  const dynamo = memoryDynamo();
  await ledgerOn(dynamo).save([cylinderChange({ record: cylinderRecord('theirs') })]);
  meet(dynamo, ['lost']);
  assert.deepEqual(await ledgerOn(dynamo).save([cylinderChange({ record: cylinderRecord('ours') })]), [
    'conflict',
  ]);
});

test('a record that stays contended is given up after a few attempts, each waited for', async () => {
  const { client, fail, items } = memoryDynamo();
  const waits: number[] = [];
  const pause = (attempts: number) => Promise.resolve(void waits.push(attempts));
  const ledger = createDynamoLedger({ client, table: 'ledger', pause });
  fail(() => 'contended');
  for (const [notices, name] of [
    [[], 'TransactionConflictException'],
    [[raised('a')], 'TransactionCanceledException'],
  ] as const) {
    await assert.rejects(ledger.save([cylinderChange({ notices })]), (error: unknown) => {
      assert.ok(error instanceof LedgerError && error.cause instanceof Error);
      assert.deepEqual([error.code, error.cause.name], ['retry', name]);
      return true;
    });
  }
  assert.deepEqual(waits, [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(items(), []);
});

test('what a read leaves unanswered is asked for again, until nothing more comes', async () => {
  const dynamo = memoryDynamo();
  const names = Array.from({ length: 30 }, (_, index) => `cyl-${index}`);
  await ledgerOn(dynamo).save(names.map((name) => cylinderChange({ name })));
  dynamo.fail(() => 'unprocessed');
  assert.deepEqual([...(await ledgerOn(dynamo).cylinders(names)).keys()], names);
});

test('a service that is not there rejects every call, with the code of what to do and its own word as the cause', async () => {
  const dynamo = memoryDynamo();
  dynamo.fail(() => 'throttled');
  const ledger = ledgerOn(dynamo);
  const log = createDynamoNotificationLog({ client: dynamo.client, table: 'ledger' });
  const calls = {
    cylinders: ledger.cylinders(['a']),
    gateways: ledger.gateways(['a']),
    due: ledger.due(NOW),
    cylindersOf: ledger.cylindersOf('a'),
    put: ledger.save([cylinderChange()]),
    transaction: ledger.save([cylinderChange({ name: 'b', notices: [raised('a')] })]),
    claim: log.claim(CYLINDER, 'a', NOW),
    notified: log.notified(CYLINDER, 'a', NOW),
  };
  for (const [name, outcome] of Object.entries(await settled(calls))) {
    assert.deepEqual(outcome, ['throttled', 'ProvisionedThroughputExceededException'], name);
  }
});

const settled = async (calls: Readonly<Record<string, Promise<unknown>>>): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(calls).map(async ([name, call]) => [
        name,
        await call.then(
          () => 'resolved',
          (error: unknown) =>
            error instanceof LedgerError && error.cause instanceof Error
              ? [error.code, error.cause.name]
              : error,
        ),
      ]),
    ),
  );

test('a claim whose answer was lost is ours all the same, and another cannot have it', async () => {
  const dynamo = memoryDynamo();
  await ledgerOn(dynamo).save([cylinderChange({ notices: [raised('a')] })]);
  const [ours, theirs] = [1, 2].map(() =>
    createDynamoNotificationLog({ client: dynamo.client, table: 'ledger' }),
  );
  meet(dynamo, ['lost']);
  assert.equal(await ours?.claim(CYLINDER, 'a', NOW), 'claimed');
  assert.equal(await theirs?.claim(CYLINDER, 'a', NOW), 'busy');
});

test('a claim that has lapsed cannot be given up any more: it may be another one’s', async () => {
  const dynamo = memoryDynamo();
  await ledgerOn(dynamo).save([cylinderChange({ notices: [raised('a')] })]);
  const log = () => createDynamoNotificationLog({ client: dynamo.client, table: 'ledger', leaseMs: 1000 });
  const [slow, quick] = [log(), log()];
  await slow.claim(CYLINDER, 'a', NOW);
  assert.equal(await quick.claim(CYLINDER, 'a', NOW + 1000), 'claimed');
  await slow.release(CYLINDER, 'a');
  assert.equal(await slow.claim(CYLINDER, 'a', NOW + 1001), 'busy');
});

test('a notice that was notified is forgotten after its days, and counts as notified for ever', async () => {
  const dynamo = memoryDynamo();
  await ledgerOn(dynamo).save([cylinderChange({ notices: [raised('a'), raised('b')] })]);
  const log = createDynamoNotificationLog({ client: dynamo.client, table: 'ledger', keepDays: 2 });
  await log.notified(CYLINDER, 'a', NOW);
  dynamo.expire(NOW + 2 * 86_400_000 - 1000);
  assert.equal(dynamo.items().length, 3);
  dynamo.expire(NOW + 2 * 86_400_000);
  assert.deepEqual(
    dynamo.items().map(({ sk }) => sk?.S),
    ['STATE', 'N#b'],
  );
  assert.equal(await log.claim(CYLINDER, 'a', NOW), 'notified');
});
