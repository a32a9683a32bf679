import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLedgerItem } from '../../../aws/dynamodb/read-ledger-item.ts';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { noticeOf, SILENT_CYLINDER, SILENT_GATEWAY } from '../../fixture/notice-samples.ts';

const incident: IncidentRecord = {
  id: 'cyl-07@1763800000000',
  cylinder: 'cyl-07',
  gateway: null,
  beganAt: 1_763_799_990_000,
  raisedAt: 1_763_800_000_000,
  clearedAt: null,
  endedBy: null,
  severity: 'warning',
  reopenings: 0,
  acknowledgedBy: null,
  closedBy: null,
  outcome: null,
  mode: null,
  comment: null,
};

/** A record as the stream hands it over, of the item as it now is. */
const recordOf = (pk: string, sk: string, texts: Readonly<Record<string, string>>): unknown => ({
  eventID: '1',
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  dynamodb: {
    Keys: { pk: { S: pk }, sk: { S: sk } },
    NewImage: {
      pk: { S: pk },
      sk: { S: sk },
      createdAt: { N: '1763800000000' },
      ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { S: text }])),
    },
    SequenceNumber: '111',
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
});

const ID = 'cyl-07@1763800000000#1';
const raised = JSON.stringify(noticeOf('RAISED'));

test('a notice of a cylinder is read with the cylinder whose it is', () => {
  assert.deepEqual(readLedgerItem(recordOf('C#cyl-07', `N#${ID}`, { notice: raised })), {
    kind: 'notice',
    subject: { kind: 'cylinder', name: 'cyl-07' },
    notice: noticeOf('RAISED'),
  });
});

test('silence is a notice of the gateway or the cylinder under which it was kept', () => {
  for (const [key, notice, subject] of [
    ['G#line-3', SILENT_GATEWAY, { kind: 'gateway', name: 'line-3' }],
    ['C#cyl-07', SILENT_CYLINDER, { kind: 'cylinder', name: 'cyl-07' }],
  ] as const) {
    const record = recordOf(key, `N#${notice.output.id}`, { notice: JSON.stringify(notice) });
    assert.deepEqual(readLedgerItem(record), { kind: 'notice', subject, notice });
  }
});

test('an incident is read as it was kept', () => {
  const record = recordOf('C#cyl-07', `I#${incident.id}`, { incident: JSON.stringify(incident) });
  assert.deepEqual(readLedgerItem(record), { kind: 'incident', incident });
});

test('an item that went, or that is neither a notice nor an incident, is nothing to tell', () => {
  const gone = { eventName: 'REMOVE', dynamodb: { Keys: {}, OldImage: {} } };
  for (const record of [gone, recordOf('C#cyl-07', 'STATE', {}), recordOf('C#cyl-07', 'TWIN', {})])
    assert.deepEqual(readLedgerItem(record), { kind: 'nothing' });
});

const BROKEN: readonly (readonly [what: string, record: unknown, name: string, fault: RegExp])[] = [
  ['nothing', undefined, 'a record of the stream', /no item/],
  ['an item without keys', { dynamodb: { NewImage: {} } }, 'a record of the stream', /no item/],
  ['a notice without its text', recordOf('C#c', 'N#1', {}), 'C#c N#1', /is no notice/],
  ['a text that is not JSON', recordOf('C#c', 'N#1', { notice: '{' }), 'C#c N#1', /is no notice/],
  ['a text that is no notice', recordOf('C#c', 'N#1', { notice: '{}' }), 'C#c N#1', /is no notice/],
  ['a notice of nobody', recordOf('X#c', `N#${ID}`, { notice: raised }), `X#c N#${ID}`, /is no notice/],
  ['a notice of no name', recordOf('C#', `N#${ID}`, { notice: raised }), `C# N#${ID}`, /is no notice/],
  ['a notice under another name', recordOf('C#c', 'N#1', { notice: raised }), 'C#c N#1', /not named after/],
  ['an incident that is none', recordOf('C#c', 'I#1', { incident: '[]' }), 'C#c I#1', /is no incident/],
  ['an incident without its text', recordOf('C#c', 'I#1', {}), 'C#c I#1', /is no incident/],
];
for (const [what, record, name, fault] of BROKEN) {
  test(`${what} is named as malformed`, () => {
    const item = readLedgerItem(record);
    assert.ok(item.kind === 'malformed');
    assert.equal(item.name, name);
    assert.match(item.fault, fault);
  });
}
