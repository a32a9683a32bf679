import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineView } from '../../../aws/dynamodb/line-view.ts';
import { applyDesiredState } from '../../../usecases/apply-desired-state.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { at } from '../../fixture/alarm-story.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { ledgerOn } from './under-test.ts';

test('the line is read from the table: what wants looking at, and the incidents of all or of one cylinder', async () => {
  const dynamo = memoryDynamo();
  const ports = { ledger: ledgerOn(dynamo), policies: SHORT_BOOK };
  await evaluateSamples(ports)([
    messageOf('a', 'AAAAAA'),
    messageOf('b', 'nnnnnn'),
    messageOf('c', 'AAAAAA'),
  ]);
  await applyDesiredState(ports)({ thing: 'c', desired: { ack: { by: 'ana' } }, receivedAt: at(6) });
  const line = createLineView({ client: dynamo.client, table: 'ledger', now: () => at(7) });
  const { rows, watched } = await line.status();
  assert.deepEqual(
    rows.map(({ name, concerns }) => [name, ...concerns]),
    [
      ['a', 'open', 'unacknowledged'],
      ['c', 'open'],
    ],
  );
  assert.equal(watched, 3);
  const named = async (cylinder: string | null, sinceMs: number | null) =>
    (await line.incidents({ cylinder, sinceMs })).incidents.map((incident) => incident.cylinder).sort();
  assert.deepEqual(await named(null, null), ['a', 'c']);
  assert.deepEqual(await named('c', at(5)), ['c']);
  assert.deepEqual(await named('b', null), []);
});
