import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { ledgerItems } from '../stack/ledger-records.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';
import { whatIsThere } from '../stack/what-is-there.ts';

/** Outputs that name what stays when the stack goes: the ledger, and all buckets with data in them. */
const STAYING_BUCKETS = ['QuarantineBucketName', 'FailedBatchesBucketName', 'LakeBucketName'];

/** Deploying over a stack that is in use, and taking it away. */
export const redeployCases = (plant: () => Plant): void => {
  describe('once more, and away', () => {
    const cylinder = 'press-09';

    test('a second deploy in the midst of an incident loses nothing, and goes on where the first stood', async () => {
      const { stack, play, everything, store } = plant();
      const from = secondsAgo(60);
      const course = { gateway: 'line-3', cylinder, from, pattern: `${'n'.repeat(10)}${'A'.repeat(10)}` };
      await play(cylinder, messagesOf(course));
      const [raised] = await everything.of(cylinder, 1);
      const [incident] = await eventually(
        () => store.incidents(cylinder),
        ({ length }) => length === 1,
      );
      const there = await whatIsThere(stack);
      const items = () => ledgerItems(stack);
      const keys = (all: Awaited<ReturnType<typeof items>>) => all.map(({ pk, sk }) => `${pk} ${sk}`).sort();
      const before = keys(await items());
      // With nothing changed there would be nothing to deploy.
      const printed = await stack.deploy({ site: 'hall-3' });
      assert.doesNotMatch(printed, /skipping/i);
      assert.deepEqual(await whatIsThere(stack), there);
      assert.deepEqual(keys(await items()), before);

      const later = { ...course, from: from + 20_000, pattern: 'A'.repeat(10), firstSeq: 20 };
      await play(cylinder, messagesOf(later));
      const alerts = await everything.of(cylinder, 2);
      assert.deepEqual(wordsOf(alerts), ['RAISED advisory', 'ESCALATED warning']);
      assert.deepEqual(alerts[0], raised);
      assert.equal(alerts[1]?.attributes.site, 'hall-3');
      await eventually(
        () => store.count((name) => name === cylinder),
        (count) => count === 30,
      );
      await eventually(
        () => store.incidents(cylinder),
        ([one, ...others]) => one?.id === incident?.id && one?.severity === 'warning' && others.length === 0,
      );
    });

    test('remove leaves nothing but the ledger and buckets with what somebody may still want', async () => {
      const { stack, queues } = plant();
      const kept = await ledgerItems(stack);
      for (const [kind, names] of Object.entries(await whatIsThere(stack)))
        assert.notDeepEqual(names, [], kind);
      await stack.remove();
      const { tables, buckets, queues: left, roles = [], ...rest } = await whatIsThere(stack);
      // Firehose hands over what it gathered, by a role of its own.
      for (const role of roles) assert.match(role, /DeliveryRole/);
      const empty = Object.fromEntries(Object.keys(rest).map((kind) => [kind, []]));
      assert.deepEqual(rest, empty);
      assert.deepEqual(left, queues);
      assert.deepEqual(tables, [stack.output('LedgerTableName')]);
      const staying = STAYING_BUCKETS.flatMap((output) => stack.outputs.get(output) ?? []);
      assert.deepEqual(buckets, staying.toSorted());
      assert.deepEqual(await ledgerItems(stack), kept);
    });
  });
};
