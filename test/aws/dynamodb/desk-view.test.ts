import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDynamoDeskView } from '../../../aws/dynamodb/desk-view.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { at } from '../../fixture/alarm-story.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { ledgerOn } from './under-test.ts';

const openView = async () => {
  const dynamo = memoryDynamo();
  const take = evaluateSamples({ ledger: ledgerOn(dynamo), policies: SHORT_BOOK });
  await take([messageOf('a', 'AAAAAA'), messageOf('b', 'nnnnnn')]);
  let nowMs = at(6);
  const view = createDynamoDeskView({
    client: dynamo.client,
    table: 'ledger',
    historyTable: 'history',
    now: () => nowMs,
  });
  const asked: string[] = [];
  dynamo.fail((operation, request) => {
    const { IndexName = '' } = JSON.parse(request);
    const latest = /"ConsistentRead":true/.test(request) ? ' latest' : '';
    asked.push(`${operation} ${IndexName}`.trim() + latest);
    return null;
  });
  return { dynamo, take, view, asked, pass: (ms: number) => (nowMs += ms) };
};

test('however many look, the line is read once in ten seconds by its names, and never the whole table', async () => {
  const { view, asked, pass } = await openView();
  for (let poll = 0; poll < 12; poll += 1) {
    await Promise.all([view.cylinders(), view.gateways(), view.cylinders()]);
    pass(5000);
  }
  const count = (what: string): number => asked.filter((one) => one === what).length;
  // Of cylinders and of gateways, six times in a minute.
  assert.equal(count('BatchGetItem'), 12);
  assert.deepEqual([count('Scan by-gateway'), count('Scan by-due')], [2, 2]);
  assert.equal(asked.length, 16);
});

test('who has changed something sees it at once', async () => {
  const { view, asked } = await openView();
  await view.cylinders();
  view.forget();
  asked.length = 0;
  await view.cylinders();
  assert.deepEqual(asked, ['BatchGetItem latest', 'BatchGetItem latest']);
});

test('a cylinder that is new is there within half a minute, with its gateway', async () => {
  const { view, take, pass } = await openView();
  assert.deepEqual([...(await view.cylinders()).keys()].sort(), ['a', 'b']);
  await take([messageOf('c', 'nnn')]);
  pass(30_000);
  assert.deepEqual([...(await view.cylinders()).keys()].sort(), ['a', 'b', 'c']);
  assert.deepEqual([...(await view.gateways()).keys()], ['g']);
});

test('a line of which a part cannot be read is not shown without it, and is asked for again', async () => {
  const { dynamo, view } = await openView();
  dynamo.fail(() => 'throttled');
  await assert.rejects(Promise.resolve(view.cylinders()));
  dynamo.fail(() => null);
  assert.equal((await view.cylinders()).size, 2);
});
