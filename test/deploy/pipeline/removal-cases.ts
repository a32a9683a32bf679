import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerItems } from '../stack/ledger-records.ts';
import type { Plant } from '../stack/plant.ts';
import { whatIsThere } from '../stack/what-is-there.ts';

/** Outputs that name what stays when the stack goes: the ledger, and all buckets with data in them. */
const STAYING_BUCKETS = ['QuarantineBucketName', 'FailedBatchesBucketName', 'LakeBucketName'];

/** Taking a stack away. */
export const removalCases = (plant: () => Plant): void => {
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
};
