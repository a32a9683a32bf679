import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inOrder, sample } from '../../fixture/stored-sample.ts';
import { openTimestream, seconds, T } from './opened.ts';

describe('what Timestream rejects', () => {
  test('is named with its reason while all that lay beside it is stored', async () => {
    const { service, telemetry, stored } = await openTimestream();
    service.change({ memoryStoreFrom: T + 3000, futureUntil: T + 147_000 });
    const written = seconds(150);
    const { stored: count, repeated, rejected } = await telemetry.write(written);
    assert.deepEqual([count, repeated, rejected.length], [145, 0, 5]);
    assert.deepEqual(
      inOrder(rejected.map((one) => one.sample)),
      inOrder([...written.slice(0, 3), ...written.slice(148)]),
    );
    assert.deepEqual(
      new Set(rejected.map(({ detail }) => detail)),
      new Set([
        'Timestream: The record timestamp is outside the time range of the memory store.',
        'Timestream: The record timestamp is too far in the future.',
      ]),
    );
    assert.deepEqual(stored(), inOrder(written.slice(3, 148)));
  });

  test('is not sent again', async () => {
    const { service, telemetry } = await openTimestream({ maxAttempts: 3 });
    service.change({ memoryStoreFrom: T + 1000 });
    await telemetry.write(seconds(10));
    assert.equal(service.requests.length, 1);
  });

  test('a repetition that was received later is counted as one and leaves what was received first', async () => {
    const { telemetry, stored } = await openTimestream();
    await telemetry.write([sample(), sample({ seq: 42 })]);
    const late = await telemetry.write([sample({ receivedAt: T + 9000 }), sample({ seq: 43 })]);
    assert.deepEqual(late, { stored: 1, repeated: 1, rejected: [] });
    assert.deepEqual(stored(), inOrder([sample(), sample({ seq: 42 }), sample({ seq: 43 })]));
  });

  test('of repetitions that come in the wrong order the one that was received first is kept', async () => {
    const { telemetry, stored } = await openTimestream();
    await telemetry.write([sample({ receivedAt: T + 9000 })]);
    await telemetry.write([sample({ receivedAt: T + 8000 })]);
    assert.deepEqual(stored(), [sample({ receivedAt: T + 8000 })]);
  });

  test('repetitions within a call are sent once', async () => {
    const { service, telemetry } = await openTimestream();
    const outcome = await telemetry.write([sample({ receivedAt: T + 1 }), sample(), sample()]);
    assert.deepEqual(outcome, { stored: 1, repeated: 2, rejected: [] });
    assert.deepEqual(
      service.requests.map(({ Records }) => Records.length),
      [1],
    );
  });
});

describe('samples that Timestream could not take', () => {
  const cases: [string, ReturnType<typeof sample>, RegExp][] = [
    ['a boot of enormous length', sample({ boot: 'b'.repeat(3000) }), /dimensions are 30\d\d bytes/],
    ['a model of enormous length', sample({ model: '한'.repeat(900) }), /dimensions are 27\d\d bytes/],
    ['dimensions that leave no room', sample({ model: 'm'.repeat(1900) }), /record is 2\d\d\d bytes/],
    ['a why of a hundred numbers', sample({ why: Array.from({ length: 100 }, () => 0.5) }), /not six/],
    ['a sensor that is not a number', sample({ values: [Number.NaN, 1, 1, 1, 1, 1] }), /not a finite number/],
    ['an infinite share', sample({ why: [1, 1, 1, 1, 1, Number.NEGATIVE_INFINITY] }), /not a finite number/],
    ['a time between milliseconds', sample({ t: T + 0.5 }), /not a whole number/],
  ];
  for (const [name, unfit, detail] of cases) {
    test(`${name} is rejected alone`, async () => {
      const { telemetry, stored } = await openTimestream();
      const { rejected, ...counts } = await telemetry.write([sample({ seq: 1 }), unfit, sample({ seq: 2 })]);
      assert.deepEqual(counts, { stored: 2, repeated: 0 });
      assert.deepEqual(
        rejected.map((one) => one.sample),
        [unfit],
      );
      assert.match(rejected[0]?.detail ?? '', detail);
      assert.equal(stored().length, 2);
    });
  }
});
