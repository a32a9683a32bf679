import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseSort } from '../../../aws/dynamodb/key.ts';
import { readLedgerItem } from '../../../aws/dynamodb/read-stream.ts';
import { CANARY } from '../../../domain/message/topic.ts';
import { courseCodec } from '../../../usecases/ledger/course-events.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { noticeOf, SILENT_CYLINDER, SILENT_GATEWAY } from '../../fixture/notice-samples.ts';

const incident = incidentRecord({ gateway: null });

/** A record as the stream hands it over, of the item as it now is. */
const recordOf = (
  pk: string,
  sk: string,
  texts: Readonly<Record<string, string>>,
  version = '3',
  more: object = {},
): unknown => ({
  eventID: '1',
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  dynamodb: {
    Keys: { pk: { S: pk }, sk: { S: sk } },
    NewImage: {
      pk: { S: pk },
      sk: { S: sk },
      createdAt: { N: '1763800000000' },
      version: { N: version },
      ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { S: text }])),
      ...more,
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

test('a notice that is marked as sent is an event with the time of that, and one of the canary is none', () => {
  const told = { toldAt: { N: '1763800002500' } };
  const item = readLedgerItem(recordOf('C#cyl-07', `N#${ID}`, { notice: raised }, '3', told));
  assert.ok(item.kind === 'event' && item.event.kind === 'notice');
  const { id, type, cylinder, gateway, incident: of, channel, sentAt, error } = item.event.notice;
  assert.deepEqual(
    [id, type, cylinder, gateway, of, channel, sentAt, error],
    [ID, 'RAISED', 'cyl-07', null, 'cyl-07@1763800000000', 'sns', 1_763_800_002_500, null],
  );
  const canary = recordOf(`C#${CANARY}`, `N#${ID}`, { notice: raised }, '3', told);
  assert.deepEqual(readLedgerItem(canary), { kind: 'nothing' });
});

test('a step of an incident is an event of its cylinder, with its place in the changes', () => {
  const event = {
    kind: 'acknowledged' as const,
    at: 1_763_800_060_000,
    by: 'Kim',
    text: 'on my way',
    channel: null,
  };
  const sort = courseSort('cyl-07@1763800000000', event.at, [12, 1]);
  const record = recordOf('C#cyl-07', sort, { step: courseCodec.encode(event) });
  assert.deepEqual(readLedgerItem(record), {
    kind: 'event',
    event: { kind: 'step', cylinder: 'cyl-07', incident: 'cyl-07@1763800000000', place: '12.1', event },
  });
  for (const [pk, sk, step] of [
    ['G#line-3', sort, courseCodec.encode(event)],
    ['C#cyl-07', 'E#nothing', courseCodec.encode(event)],
    ['C#cyl-07', sort, '{}'],
  ] as const)
    assert.equal(readLedgerItem(recordOf(pk, sk, { step })).kind, 'malformed');
});

test('a twin is read with its cylinder and the version of the record that it was made of', () => {
  const record = recordOf('C#cyl-07', 'TWIN', { twin: '{"x":1}' });
  assert.deepEqual(readLedgerItem(record), { kind: 'twin', cylinder: 'cyl-07', twin: { x: 1 }, version: 3 });
});

test('a twin says when its record was saved, unless a program from before that was noted wrote it', () => {
  const record = recordOf('C#cyl-07', 'TWIN', { twin: '{"x":1}' }, '3', { savedAt: { N: '1763800000123' } });
  const item = readLedgerItem(record);
  assert.ok(item.kind === 'twin');
  assert.equal(item.savedAt, 1_763_800_000_123);
});

test('an item that went, or that is neither a notice, an incident nor a twin, is nothing to tell', () => {
  const gone = { eventName: 'REMOVE', dynamodb: { Keys: {}, OldImage: {} } };
  for (const record of [gone, recordOf('C#cyl-07', 'STATE', {})])
    assert.deepEqual(readLedgerItem(record), { kind: 'nothing' });
});

const refreshing = (pk: string, more: Readonly<Record<string, { B: string }>>) =>
  recordOf(pk, 'STATE', {}, '3', { refreshedAt: { N: '5' }, staleAfterMs: { N: '60000' }, ...more });

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
  ['a twin of a gateway', recordOf('G#a', 'TWIN', { twin: '{}' }), 'G#a TWIN', /of no cylinder/],
  ['a twin of no possible name', recordOf('C#a b', 'TWIN', { twin: '{}' }), 'C#a b TWIN', /of no cylinder/],
  ['a twin of no version', recordOf('C#a', 'TWIN', { twin: '{}' }, 'x'), 'C#a TWIN', /is no twin: version/],
  ['a twin that is a list', recordOf('C#a', 'TWIN', { twin: '[1]' }), 'C#a TWIN', /is no twin: twin/],
  ['a twin that is broken text', recordOf('C#a', 'TWIN', { twin: '{' }), 'C#a TWIN', /is no twin: twin/],
  ['a twin without its text', recordOf('C#a', 'TWIN', {}), 'C#a TWIN', /is no twin: twin/],
  ['a refresh of a gateway', refreshing('G#a', {}), 'G#a STATE', /of no cylinder/],
  ['a refresh without its record', refreshing('C#a', {}), 'C#a STATE', /is no twin: record/],
  ['a refresh of a damaged record', refreshing('C#a', { record: { B: 'AwAA' } }), 'C#a STATE', /is damaged/],
];
for (const [what, record, name, fault] of BROKEN) {
  test(`${what} is named as malformed`, () => {
    const item = readLedgerItem(record);
    assert.ok(item.kind === 'malformed');
    assert.equal(item.name, name);
    assert.match(item.fault, fault);
  });
}
