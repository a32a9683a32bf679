import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLedgerItem } from '../../../aws/dynamodb/read-stream.ts';
import { cylinderChange, gatewayChange } from '../../contract/opaque-records.ts';
import { memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { incidentOf, offline, raised } from './changes.ts';
import { ledgerOn } from './under-test.ts';

test('what reads the stream finds what was saved, of whomever, whatever characters the name has', async () => {
  for (const name of ['cyl-07', '__proto__', 'a#b', 'G#x', 'ü/']) {
    const dynamo = memoryDynamo();
    const id = `${name}@1`;
    const change = cylinderChange({ name, notices: [raised(`${id}#1`)], incidents: [incidentOf(id)] });
    await ledgerOn(dynamo).save([change, gatewayChange({ name, notices: [offline('g')] })]);
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
