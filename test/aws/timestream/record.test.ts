import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { inParallel } from '../../../aws/in-parallel.ts';
import {
  MAX_RECORDS,
  meteredWrites,
  recordBytes,
  SAMPLE_ATTRIBUTES,
  sampleRecord,
  writeRequests,
} from '../../../aws/timestream/record.ts';
import { identity, inOrder, sample } from '../../fixture/stored-sample.ts';
import { mergeCommon, wireRecord } from './input.ts';
import { sampleOf } from './reading.ts';

const anySample = fc
  .record({
    cylinder: fc.constantFrom('cyl-01', 'cyl-02', 'cyl-03'),
    gateway: fc.constantFrom('line-1', 'line-2'),
    model: fc.constantFrom('a', 'b', null),
    boot: fc.option(fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' })),
    number: fc.nat(2 ** 31),
    values: fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map(({ boot, number, ...fields }) =>
    sample({ ...fields, boot, seq: boot === null ? null : number, t: 1_763_800_000_000 + number }),
  );

const requestsOf = (samples: readonly ReturnType<typeof sample>[]) =>
  writeRequests(
    samples.map((one) => ({ of: one, record: sampleRecord(one) })),
    SAMPLE_ATTRIBUTES,
  );

// Text cannot tell the two zeros apart, nor would anybody who asks.
const plusZero = (value: number | null): number | null => (value === 0 ? 0 : value);

describe('requests to Timestream', () => {
  test('whatever is written, no request has more than 100 records, and each sample is in one of them as it was', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anySample, { selector: identity, maxLength: 450, size: 'max' }),
        (samples) => {
          const requests = requestsOf(samples);
          assert.ok(requests.every(({ entries }) => entries.length > 0 && entries.length <= MAX_RECORDS));
          assert.equal(requests.length, Math.ceil(samples.length / MAX_RECORDS));
          const read = requests.flatMap(({ common, entries }) =>
            entries.map(({ record }) =>
              sampleOf(mergeCommon(v.parse(wireRecord, common), v.parse(wireRecord, record))),
            ),
          );
          assert.deepEqual(
            inOrder(read).map((one) => ({ ...one, values: one.values.map(plusZero) })),
            inOrder(samples).map((one) => ({ ...one, values: one.values.map(plusZero) })),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('what all records of a request share is said once', () => {
    const [request] = requestsOf([sample(), sample({ seq: 42, model: 'other' })]);
    assert.deepEqual(
      request?.common.Dimensions?.map(({ Name }) => Name),
      ['gateway', 'boot', 'cylinder'],
    );
    assert.deepEqual(
      request?.entries.map(({ record }) => record.Dimensions),
      [[{ Name: 'model', Value: 'anomaly-detection@1.2.0' }], [{ Name: 'model', Value: 'other' }]],
    );
  });

  test('samples of one cylinder lie side by side, so that they share what they can', () => {
    const samples = Array.from({ length: 200 }, (_, index) =>
      sample({ cylinder: `cyl-${index % 2}`, seq: index }),
    );
    const shared = requestsOf(samples).map(({ common }) => common.Dimensions?.length);
    assert.deepEqual(shared, [4, 4]);
  });

  test('seq stands in the nanoseconds, which leaves the millisecond as it was', () => {
    assert.equal(sampleRecord(sample({ t: 1_763_800_000_123, seq: 2_000_041 })).Time, '1763800000123000041');
    assert.equal(sampleRecord(sample({ t: 0, seq: null, boot: null })).Time, '0');
  });

  test('a sample is metered at 281 bytes beside what it shares, ten of them at three writes', () => {
    const samples = Array.from({ length: 10 }, (_, seq) => sample({ seq }));
    const [request] = requestsOf(samples);
    assert.ok(request !== undefined);
    const records = request.entries.map(({ record }) => record);
    assert.deepEqual(new Set(records.map(recordBytes)), new Set([281]));
    assert.equal(meteredWrites(records, request.common), 3);
  });
});

describe('work in parallel', () => {
  test('is never more than the limit at once and keeps the order of its results', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), async (turns) => {
        let under = 0;
        let most = 0;
        const results = await inParallel(4, [...turns.entries()], async ([index, waits]) => {
          under += 1;
          most = Math.max(most, under);
          for (let turn = 0; turn < waits; turn += 1) await new Promise(setImmediate);
          under -= 1;
          return index;
        });
        assert.ok(most <= 4);
        assert.deepEqual(results, [...turns.keys()]);
      }),
      { numRuns: 50 },
    );
  });

  test('after a failure nothing more is begun, and what was under way has ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await new Promise(setImmediate);
      if (item === 1) throw new Error('one failed');
      await new Promise(setImmediate);
      ended.push(item);
    };
    await assert.rejects(inParallel(2, [0, 1, 2, 3, 4], work), /one failed/);
    assert.deepEqual([begun, ended], [[0, 1], [0]]);
  });
});
