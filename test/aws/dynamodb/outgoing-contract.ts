import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { LedgerError } from '../../../aws/aws-error.ts';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { createDynamoNotificationLog } from '../../../aws/dynamodb/notification-log.ts';
import {
  cylinderChange,
  cylinderRecord,
  gatewayChange,
  gatewayRecord,
  twin,
} from '../../contract/opaque-records.ts';
import { incidentOf, offline, raised } from './changes.ts';

/** A table of the ledger, empty when opened. */
export type TableUnderTest = Readonly<{ client: DynamoDBClient; table: string; close(): Promise<void> }>;

const NOW = 1_763_800_600_000;
const CYLINDER = { kind: 'cylinder', name: 'cyl-07' } as const;

type Item = Readonly<Record<string, AttributeValue>>;

/** What an item says in JSON, but for the version of how it says it. */
const said = (item: Item | undefined): unknown => {
  const { notice, incident, twin: report } = item ?? {};
  const text = notice?.S ?? (item?.sk?.S?.startsWith('I#') ? incident?.S : report?.S);
  if (text === undefined) return null;
  const { v, ...fields } = JSON.parse(text);
  assert.equal(typeof v, 'number');
  return fields;
};

/** What the adapter writes beside the records, which only the table can show. */
export const dynamoOutgoingContract = (name: string, open: () => Promise<TableUnderTest>): void => {
  const onTable =
    (
      check: (
        given: Readonly<{
          ledger: ReturnType<typeof createDynamoLedger>;
          log: ReturnType<typeof createDynamoNotificationLog>;
          items(): Promise<ReadonlyMap<string, Item>>;
          inIndex(index: string): Promise<readonly (string | undefined)[]>;
        }>,
      ) => Promise<void>,
    ) =>
    async () => {
      const { client, table, close } = await open();
      const scan = async (IndexName?: string) => {
        const { Items = [] } = await client.send(
          new ScanCommand({ TableName: table, ...(IndexName === undefined ? {} : { IndexName }) }),
        );
        return Items;
      };
      await check({
        ledger: createDynamoLedger({ client, table, now: () => NOW }),
        log: createDynamoNotificationLog({ client, table }),
        items: async () => new Map((await scan()).map((item) => [`${item.pk?.S} ${item.sk?.S}`, item])),
        inIndex: async (index) => (await scan(index)).map(({ pk }) => pk?.S).toSorted(),
      });
      await close();
    };

  describe(`what goes out with a change on ${name}`, () => {
    test(
      'notices, incidents and the twin are items of their own, which say what was saved',
      onTable(async ({ ledger, items }) => {
        const [notice, incident, report] = [raised('cyl-07@1#1'), incidentOf('cyl-07@1'), twin('one')];
        const change = cylinderChange({ notices: [notice], incidents: [incident], twin: report });
        const notified = gatewayChange({ notices: [offline('line-3@1#OFFLINE')] });
        assert.deepEqual(await ledger.save([change, notified]), ['saved', 'saved']);
        const kept = await items();
        assert.deepEqual(Object.fromEntries([...kept].map(([key, item]) => [key, said(item)])), {
          'C#cyl-07 STATE': null,
          'C#cyl-07 N#cyl-07@1#1': notice,
          'C#cyl-07 I#cyl-07@1': incident,
          'C#cyl-07 TWIN': report,
          'G#line-3 STATE': null,
          'G#line-3 N#line-3@1#OFFLINE': offline('line-3@1#OFFLINE'),
        });
        assert.deepEqual(kept.get('C#cyl-07 STATE')?.condition, { S: 'NORMAL' });
        assert.deepEqual(kept.get('C#cyl-07 TWIN')?.version, { N: '1' });
        assert.deepEqual(kept.get('C#cyl-07 N#cyl-07@1#1')?.createdAt, { N: String(NOW) });
      }),
    );

    test(
      'of a conflict nothing is kept',
      onTable(async ({ ledger, items }) => {
        await ledger.save([cylinderChange()]);
        const before = await items();
        const late = cylinderChange({
          notices: [raised('a')],
          incidents: [incidentOf('b')],
          twin: twin('c'),
        });
        assert.deepEqual(await ledger.save([late, { ...late, expected: 2 }]), ['conflict', 'conflict']);
        assert.deepEqual(await items(), before);
      }),
    );

    test(
      'an incident and a twin say what was saved last',
      onTable(async ({ ledger, items }) => {
        const change = (expected: number, severity: string) =>
          cylinderChange({ expected, incidents: [incidentOf('a', severity)], twin: twin(severity) });
        await ledger.save([change(0, 'warning'), change(1, 'critical')]);
        const kept = await items();
        assert.deepEqual(said(kept.get('C#cyl-07 I#a')), incidentOf('a', 'critical'));
        assert.deepEqual(said(kept.get('C#cyl-07 TWIN')), twin('critical'));
        assert.deepEqual(kept.get('C#cyl-07 TWIN')?.version, { N: '2' });
      }),
    );

    test(
      'a notice that was notified is not put anew, and what comes with it is saved',
      onTable(async ({ ledger, log, items }) => {
        await ledger.save([cylinderChange({ notices: [raised('old')] })]);
        await log.claim(CYLINDER, 'old', NOW);
        await log.notified(CYLINDER, 'old', NOW);
        const notified = (await items()).get('C#cyl-07 N#old');
        const again = cylinderChange({ expected: 1, notices: [raised('old'), raised('new')] });
        assert.deepEqual(await ledger.save([again]), ['saved']);
        const kept = await items();
        assert.deepEqual(kept.get('C#cyl-07 N#old'), notified);
        assert.ok(kept.has('C#cyl-07 N#new'));
        assert.equal((await ledger.cylinders(['cyl-07'])).get('cyl-07')?.version, 2);
      }),
    );

    test(
      'what one change names twice is written once',
      onTable(async ({ ledger, items }) => {
        const [incident, last] = [incidentOf('a'), incidentOf('a', 'critical')];
        const change = cylinderChange({ notices: [raised('n'), raised('n')], incidents: [incident, last] });
        assert.deepEqual(await ledger.save([change]), ['saved']);
        const kept = await items();
        assert.deepEqual([...kept.keys()].toSorted(), ['C#cyl-07 I#a', 'C#cyl-07 N#n', 'C#cyl-07 STATE']);
        assert.deepEqual(said(kept.get('C#cyl-07 I#a')), last);
      }),
    );

    test(
      'a hundred items are one transaction, and more are refused before anything is written',
      onTable(async ({ ledger, items }) => {
        const notices = Array.from({ length: 100 }, (_, index) => raised(`n${index}`));
        const isNamed = (error: unknown): boolean =>
          error instanceof LedgerError && error.code === 'poison' && /101 items/.test(error.message);
        await assert.rejects(ledger.save([cylinderChange({ notices })]), isNamed);
        assert.equal((await items()).size, 0);
        assert.deepEqual(await ledger.save([cylinderChange({ notices: notices.slice(1) })]), ['saved']);
        assert.equal((await items()).size, 100);
      }),
    );

    test(
      'an item that DynamoDB would refuse for its size is refused by name',
      onTable(async ({ ledger, items }) => {
        const change = cylinderChange({ twin: twin('x'.repeat(500_000)) });
        await assert.rejects(
          ledger.save([change]),
          /LedgerError: one change of C#cyl-07 is too large: an item of \d+ bytes/,
        );
        assert.equal((await items()).size, 0);
      }),
    );

    test(
      'the indexes hold only what is due some day and what came by a gateway',
      onTable(async ({ ledger, inIndex }) => {
        const at = (label: string, dueAt: number | null, gateway: string | null, expected = 0) =>
          cylinderChange({ name: label, expected, record: cylinderRecord(label, { dueAt, gateway }) });
        await ledger.save([at('a', 5, null), at('b', null, 'line-3'), at('c', null, null)]);
        await ledger.save([gatewayChange({ name: 'g', record: gatewayRecord('g', 7) })]);
        assert.deepEqual([await inIndex('by-due'), await inIndex('by-gateway')], [['C#a', 'G#g'], ['C#b']]);
        await ledger.save([at('a', null, 'line-3', 1), at('b', 9, null, 1)]);
        assert.deepEqual([await inIndex('by-due'), await inIndex('by-gateway')], [['C#b', 'G#g'], ['C#a']]);
      }),
    );

    test(
      'a time that is due within twenty minutes of the save, and no sooner than the one in the index, leaves the index as it is',
      onTable(async ({ ledger, items }) => {
        const bound = async (dueAt: number, expected: number) => {
          await ledger.save([cylinderChange({ expected, record: cylinderRecord('a', { dueAt }) })]);
          return Number((await items()).get('C#cyl-07 STATE')?.dueAt?.N);
        };
        assert.equal(await bound(NOW, 0), NOW);
        assert.equal(await bound(NOW + 1_199_999, 1), NOW);
        assert.equal(await bound(NOW + 1_200_000, 2), NOW + 1_200_000);
        assert.equal(await bound(NOW + 1_199_999, 3), NOW + 1_199_999);
        assert.deepEqual((await ledger.due(NOW + 1_199_998)).cylinders, []);
        assert.deepEqual((await ledger.due(NOW + 1_199_999)).cylinders, ['cyl-07']);
      }),
    );

    test(
      'more records than one read may ask for, and more than a page of an index holds, are all found',
      onTable(async ({ ledger }) => {
        const names = Array.from({ length: 230 }, (_, index) => `cyl-${index}`);
        const record = cylinderRecord('many', { dueAt: 1, gateway: 'line-3' });
        await ledger.save(names.map((cylinder) => cylinderChange({ name: cylinder, record })));
        assert.deepEqual([...(await ledger.cylinders([...names, 'cyl-0'])).keys()], names);
        assert.deepEqual((await ledger.due(1)).cylinders.toSorted(), names.toSorted());
        assert.deepEqual((await ledger.cylindersOf('line-3')).toSorted(), names.toSorted());
      }),
    );
  });
};
