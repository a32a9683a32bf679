import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { type CylinderRecord, sweptRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { missingSamples } from '../../../domain/cylinder/statistics.ts';
import { isFields } from '../../../domain/fields.ts';
import { foldRecord, refreshTwin } from '../../../domain/fold/fold-record.ts';
import type { Sample } from '../../../domain/message/sample.ts';
import { cylinderCodec } from '../../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../../usecases/ledger/codecs/gateway-codec.ts';
import { incidentCodec } from '../../../usecases/ledger/codecs/incident-codec.ts';
import { noticeCodec } from '../../../usecases/ledger/codecs/notice-codec.ts';
import { outboxCodec } from '../../../usecases/ledger/codecs/outbox-codec.ts';
import { createRecordCodec, schemaOf } from '../../../usecases/ledger/record-codec.ts';
import type { OutboxItem } from '../../../usecases/ports/outbox.ts';
import { SHORT_POLICY } from '../../fixture/alarm-policy.ts';
import { at } from '../../fixture/alarm-story.ts';
import { happenings, inputsOf } from '../../fixture/arbitrary-inputs.ts';
import { policies } from '../../fixture/arbitrary-policy.ts';
import { RUNS } from '../../fixture/property-runs.ts';
import { sampleAt } from '../../fixture/statistics.ts';

type Thing = Readonly<{ size: number; colour: string | null }>;

const schema = schemaOf<Thing>()(v.strictObject({ size: v.number(), colour: v.nullable(v.string()) }));
const codec = createRecordCodec({
  what: 'the thing',
  schema,
  steps: [
    ({ length, ...fields }) => ({ ...fields, size: length }),
    (fields) => ({ colour: null, ...fields }),
  ],
});

test('a record says its version, and one without a version is the first', () => {
  assert.equal(codec.encode({ size: 1, colour: 'red' }), '{"v":2,"size":1,"colour":"red"}');
  for (const [text, thing] of [
    ['{"length":1}', { size: 1, colour: null }],
    ['{"v":1,"size":1}', { size: 1, colour: null }],
    ['{"v":2,"size":1,"colour":"red"}', { size: 1, colour: 'red' }],
  ] as const)
    assert.deepEqual(codec.decode(text, 'x'), thing);
});

for (const [what, text, code, message] of [
  ['is no JSON', '{"v":2', 'UnreadableRecord', /^the thing x cannot be understood: SyntaxError/],
  ['is no object', '[1]', 'UnreadableRecord', /^the thing x cannot be understood: it is no object/],
  ['has a version that is none', '{"v":"2"}', 'UnreadableRecord', /its version is "2"/],
  ['lacks a field', '{"v":2,"size":1}', 'UnreadableRecord', /at colour: ValiError/],
  [
    'has a field of another type',
    '{"v":2,"size":"1","colour":null}',
    'UnreadableRecord',
    /at size: ValiError/,
  ],
  ['has a field that nobody knows', '{"v":2,"size":1,"colour":null,"x":1}', 'UnreadableRecord', /at x/],
  [
    'is newer',
    '{"v":3}',
    'NewerRecord',
    /^the thing x was written by a newer program, as version 3 .* knows 2/,
  ],
] as const) {
  test(`a record that ${what} is an error with a code that names it`, () => {
    assert.throws(() => codec.decode(text, 'x'), { name: 'RecordError', code, message });
  });
}

test('a record within another is read by its own version, and what is wrong with it is said of the whole', () => {
  const box = createRecordCodec({
    what: 'the box',
    schema: v.object({ thing: codec.nested }),
    steps: [],
    stored: ({ thing }) => ({ thing: codec.toStored(thing) }),
  });
  assert.deepEqual(box.decode('{"thing":{"length":2}}', 'b'), { thing: { size: 2, colour: null } });
  const whole = { thing: { size: 2, colour: 'red' } };
  assert.deepEqual(box.decode(box.encode(whole), 'b'), whole);
  assert.throws(
    () => box.decode('{"thing":{"v":9}}', 'b'),
    /^RecordError: the box b .* at thing: .*newer program/,
  );
});

/** Everything that a random stream of a cylinder makes to be stored. */
test('what was encoded is decoded as it was, whatever happened to a cylinder', () => {
  fc.assert(
    fc.property(policies, happenings, (policy, happened) => {
      let record: CylinderRecord | null = null;
      for (const input of inputsOf(happened)) {
        const fold = foldRecord('c', record, input, policy);
        const refreshed = refreshTwin(fold.record, input.receivedAt, policy);
        record = refreshed.record;
        assert.deepEqual(cylinderCodec.decode(cylinderCodec.encode(record), 'c'), record);
        for (const notice of fold.notices)
          assert.deepEqual(noticeCodec.decode(noticeCodec.encode(notice), 'n'), notice);
        for (const incident of fold.incidents)
          assert.deepEqual(incidentCodec.decode(incidentCodec.encode(incident), 'i'), incident);
        const items: readonly OutboxItem[] = [
          ...fold.notices.map((notice) => ({ kind: 'notice', notice }) as const),
          ...fold.transitions.map((transition) => ({ kind: 'transition', transition }) as const),
          ...fold.incidents.map((incident) => ({ kind: 'incident', incident }) as const),
          ...(refreshed.twin === null
            ? []
            : [{ kind: 'twin', cylinder: 'c', twin: refreshed.twin, version: 1 } as const]),
        ];
        // As text: what is printed of it keeps the order of its fields.
        for (const item of items)
          assert.equal(
            JSON.stringify(outboxCodec.decode(outboxCodec.encode(item), 'o')),
            JSON.stringify(item),
          );
      }
    }),
    RUNS,
  );
});

test('what was encoded of a gateway is decoded as it was', () => {
  fc.assert(
    fc.property(
      policies,
      fc.nat(),
      fc.nat(),
      fc.option(
        fc.record(
          { lastHeardAt: fc.nat(), flapping: fc.boolean(), heardAgainAt: fc.option(fc.nat()) },
          { noNullPrototype: true },
        ),
      ),
      fc.array(fc.nat(), { maxLength: 2 }),
      (policy, lastHeardAt, heardSince, offline, offlineTimes) => {
        const record = sweptRecord({ lastHeardAt, heardSince, offline, offlineTimes }, lastHeardAt, policy);
        assert.deepEqual(gatewayCodec.decode(gatewayCodec.encode(record), 'g'), record);
      },
    ),
  );
});

/** The alarm of a cylinder that was seen once, as versions 0 to 2 kept it. */
const FIRST_ALARM = {
  samplePeriodMs: 1000,
  pending: [],
  highestSlot: null,
  evaluatedSlot: null,
  receivedSlot: null,
  evaluatedSinceTick: 0,
  runningSlots: 0,
  window: { size: 5, end: null, counted: [0], abnormal: [0], countedSlots: 0, abnormalSlots: 0 },
  condition: 'NORMAL',
  hold: 0,
  incident: null,
  former: null,
  told: null,
  missed: null,
  shelf: null,
  maintenance: null,
  commandAt: {},
  gateway: 'g',
  lastSeenAt: at(9),
  silence: null,
  lateSamples: 0,
};

test('a record that knew only how many numbers came keeps what was missing, and what comes later is counted anew', () => {
  const before = foldRecord(
    'c',
    null,
    { kind: 'samples', receivedAt: at(9), samples: [sampleAt(0)] },
    SHORT_POLICY,
  );
  const { v: _, statistics, ...fields } = cylinderCodec.toStored(before.record);
  const { abnormal: __, normalProbability: ___, ...others } = isFields(statistics) ? statistics : {};
  const sequence = { boot: 'b1', first: 0, highest: 9, received: 8 };
  const record = cylinderCodec.fromStored(
    { v: 1, ...fields, alarm: FIRST_ALARM, statistics: { ...others, sequence } },
    'c',
  );
  const missing = (samples: readonly Sample[]) => {
    const { statistics: after } = foldRecord(
      'c',
      record,
      { kind: 'samples', receivedAt: at(20), samples },
      SHORT_POLICY,
    ).record;
    return after === null ? null : missingSamples(after);
  };
  assert.deepEqual(record.statistics?.abnormal, null);
  assert.deepEqual([missing([]), missing([sampleAt(4)]), missing([sampleAt(12)])], [2, 2, 4]);
});
