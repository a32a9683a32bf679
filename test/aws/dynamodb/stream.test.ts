import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLedgerItem } from '../../../aws/dynamodb/read-stream.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import type { Ledger, LedgerChange } from '../../../usecases/ports/ledger.ts';
import { cylinderChange, gatewayChange } from '../../contract/opaque-records.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { incidentOf, offline, raised } from './changes.ts';
import { ledgerOn } from './under-test.ts';

test('what reads the stream finds what was saved, of whomever, whatever characters the name has', async () => {
  for (const name of ['cyl-07', '__proto__', 'a#b', 'G#x', 'ü/']) {
    const dynamo = memoryDynamo();
    const id = `${name}@1`;
    const change = cylinderChange({ name, notices: [raised(`${id}#1`)], incidents: [incidentOf(id)] });
    await ledgerOn(dynamo).save([change]);
    await ledgerOn(dynamo).save([gatewayChange({ name, notices: [offline('g')] })]);
    assert.deepEqual(
      dynamo
        .stream()
        .map(readLedgerItem)
        .filter(({ kind }) => kind !== 'nothing'),
      [
        { kind: 'notice', subject: { kind: 'cylinder', name }, notice: raised(`${id}#1`) },
        { kind: 'incident', incident: incidentOf(id) },
        { kind: 'notice', subject: { kind: 'gateway', name }, notice: offline('g') },
      ],
    );
  }
});

test('an incident that is saved anew keeps what was noted of it before', async () => {
  const dynamo = memoryDynamo();
  const ledger = ledgerOn(dynamo);
  const raisedOne = {
    ...incidentOf('c@1'),
    toldAt: 5,
    advice: 'the bearing',
    why: [1, 2, 3, 4, 5, 6],
    model: 'm@1',
  };
  const marks = { toldAt: null, advice: null, why: null, model: null, policy: null };
  const cleared = { ...raisedOne, ...marks, clearedAt: 9, acknowledgedAt: 7 };
  await ledger.save([cylinderChange({ name: 'c', incidents: [raisedOne] })]);
  await ledger.save([cylinderChange({ name: 'c', expected: 1, incidents: [cleared] })]);
  const items = dynamo.stream().map(readLedgerItem);
  const incidents = items.flatMap((item) => (item.kind === 'incident' ? [item.incident] : []));
  assert.deepEqual(incidents, [raisedOne, { ...raisedOne, clearedAt: 9, acknowledgedAt: 7 }]);
});

test('a twin that is refreshed takes one plain write, and is told as the change says it', async () => {
  const dynamo = memoryDynamo();
  const operations: string[] = [];
  dynamo.fail((operation) => {
    operations.push(operation);
    return null;
  });
  const ledger = ledgerOn(dynamo);
  const changes: LedgerChange[] = [];
  const save: Ledger['save'] = (saved) => {
    changes.push(...saved);
    return ledger.save(saved);
  };
  const evaluate = evaluateSamples({ ledger: { ...ledger, save }, policies: SHORT_BOOK });
  const twinsOf = async (pattern: string, from: number) => {
    changes.length = 0;
    operations.length = 0;
    await evaluate([messageOf('c', pattern, { from, at: from + pattern.length })]);
    const told = dynamo.stream().flatMap((record) => {
      const item = readLedgerItem(record);
      return item.kind === 'twin' ? [item] : [];
    });
    const said = changes.flatMap((change) => (change.kind === 'cylinder' ? [change] : []));
    assert.deepEqual(
      told.map(({ version, twin }) => ({ version, twin: JSON.stringify(twin) })),
      said.flatMap(({ expected, twin }) =>
        twin === null ? [] : [{ version: expected + 1, twin: JSON.stringify(twin) }],
      ),
    );
    return told.length;
  };
  assert.equal(await twinsOf('nnn', 0), 1);
  assert.ok(operations.includes('TransactWriteItems'));
  assert.equal(await twinsOf('nnn', 10), 0);
  assert.equal(await twinsOf('nnn', 310), 1);
  assert.ok(!operations.includes('TransactWriteItems'), operations.join(' '));
  assert.equal(await twinsOf('nnn', 320), 0);
  assert.equal(await twinsOf('AAAAAAAA', 330), 1);
  assert.ok(operations.includes('TransactWriteItems'));
});
