import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readDesiredEvent, readInferenceEvent } from '../../../aws/iot/rule-events.ts';
import { RUNS } from '../../fixture/property-runs.ts';
import { recordedEvent } from '../../fixture/recorded-event.ts';

const message = recordedEvent('rule-message');

/** A batch of the stream whose records hold these bytes. */
const batchOf = (...records: readonly (string | Uint8Array)[]) => ({
  Records: records.map((data, index) => ({
    eventSource: 'aws:kinesis',
    kinesis: {
      data: Buffer.from(data).toString('base64'),
      sequenceNumber: String(index),
      approximateArrivalTimestamp: 1_763_800_000.5,
    },
  })),
});

describe('what the IoT rule hands over', () => {
  test('is a message with its bytes', () => {
    const [raw, ...others] = readInferenceEvent(message);
    assert.deepEqual(others, []);
    assert.equal(raw?.topic, 'greengrass/ml/inference/line-3/cyl-07');
    assert.equal(raw?.receivedAt, 1_763_800_000_456);
    assert.equal(raw?.client, 'line-3-gateway');
    assert.match(Buffer.from(raw?.body ?? []).toString(), /^\{"v":1,"cylinder":"cyl-07"/);
  });

  test('may name no client, as a message over HTTP does', () => {
    const { client, ...anonymous } = message;
    assert.equal(readInferenceEvent(anonymous)[0]?.client, null);
    assert.equal(readInferenceEvent({ ...message, client: null })[0]?.client, null);
  });

  test('keeps bytes that are no text', () => {
    const body = Buffer.from([0xff, 0x00, 0xfe]);
    const [raw] = readInferenceEvent({ ...message, body: body.toString('base64') });
    assert.deepEqual(Buffer.from(raw?.body ?? []), body);
  });

  for (const [what, event, fault] of [
    ['nothing', undefined, /neither a message of the IoT rule nor a batch/],
    ['null', null, /neither a message/],
    ['an event of another service', { source: 'aws.s3' }, /body/],
    ['a message without its topic', { ...message, topic: undefined }, /topic/],
    ['a message without its time', { ...message, receivedAt: 'now' }, /receivedAt/],
    ['a time before 1970', { ...message, receivedAt: -1 }, /receivedAt/],
    ['bytes that were not encoded', { ...message, body: { v: 1 } }, /body/],
  ] as const) {
    test(`is refused by name where it is ${what}`, () => {
      assert.throws(() => readInferenceEvent(event), fault);
    });
  }
});

describe('a batch of the inference stream', () => {
  test('holds what the rule wrote and what others did, in order', () => {
    const [first, second, third] = readInferenceEvent(recordedEvent('inference-batch'));
    assert.deepEqual(first, readInferenceEvent(message)[0]);
    assert.deepEqual(Buffer.from(second?.body ?? []).subarray(0, 2), Buffer.from([0xff, 0xfe]));
    // Without a topic it goes to the quarantine, with the bytes that it was.
    assert.equal(third?.topic, '');
    assert.equal(Buffer.from(third?.body ?? []).toString(), 'written by somebody else');
    assert.equal(third?.receivedAt, 1_763_800_003_500);
  });

  test('may be empty', () => {
    assert.deepEqual(readInferenceEvent({ Records: [] }), []);
  });

  test('is refused where it is one of another service', () => {
    assert.throws(() => readInferenceEvent(recordedEvent('ledger-changes')), /neither a message/);
  });

  test('loses no record and no byte, whatever was written to the stream', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.json(), fc.string())), (records) => {
        const raws = readInferenceEvent(batchOf(...records));
        assert.equal(raws.length, records.length);
        for (const [index, raw] of raws.entries()) {
          if (raw.topic === '') assert.deepEqual(Buffer.from(raw.body), Buffer.from(records[index] ?? ''));
        }
      }),
      RUNS,
    );
  });
});

const event = recordedEvent('desired-state');

describe('what the rule on the desired state hands over', () => {
  test('names the twin, what is desired of it, and when that came', () => {
    assert.deepEqual(readDesiredEvent(event), {
      thing: 'cyl-07',
      desired: { ack: { by: 'ana', at: 1_763_800_060_000 } },
      receivedAt: 1_763_800_060_456,
    });
  });

  for (const [what, desired] of [
    ['taken back as a whole', null],
    ['not there', undefined],
  ] as const) {
    test(`asks for nothing where the desired state is ${what}`, () => {
      const { desired: read } = readDesiredEvent({ ...event, desired });
      assert.deepEqual(read ?? {}, {});
    });
  }

  for (const [what, wrong, fault] of [
    ['no event', undefined, /not the desired state of a twin/],
    ['a message of a gateway', recordedEvent('rule-message'), /thing/],
    ['without a thing', { ...event, thing: '' }, /thing/],
    ['without a time', { ...event, receivedAt: undefined }, /receivedAt/],
    ['with a text for its state', { ...event, desired: 'ack' }, /desired/],
  ] as const) {
    test(`is refused by name where it is ${what}`, () => {
      assert.throws(() => readDesiredEvent(wrong), fault);
    });
  }
});
