import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDesiredEvent } from '../../../aws/iot/read-desired-event.ts';
import { recordedEvent } from '../../fixture/recorded-event.ts';

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
