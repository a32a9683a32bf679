import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import fc from 'fast-check';
import { TelemetryError } from '../../../aws/aws-error.ts';
import { SAMPLE_COLUMNS } from '../../../aws/firehose/documents.ts';
import { createLakeTelemetry } from '../../../aws/firehose/telemetry.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';
import { inOrder, sample } from '../../fixture/stored-sample.ts';
import { clientSettings } from '../start-server.ts';
import { EVENT_STREAMS, rowsOf, sampleOf, samplesOnce } from './lake-reading.ts';
import { startFirehose } from './lake-service.ts';

const T = 1_763_800_000_000;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const open = async () => {
  const service = await startFirehose();
  const client = new FirehoseClient(clientSettings(service.endpoint));
  ends.push(() => {
    client.destroy();
    return service.close();
  });
  const pauses: number[] = [];
  const telemetry = createLakeTelemetry({
    client,
    samplesStream: 'samples',
    incidentsStream: 'incidents',
    eventStreams: EVENT_STREAMS,
    pause: (ms) => Promise.resolve(pauses.push(ms)),
  });
  const rows = () => service.records('samples').flatMap((record) => rowsOf(SAMPLE_COLUMNS, record));
  return { service, telemetry, pauses, rows };
};

const seconds = (count: number, fields: Partial<StoredSample> = {}) =>
  Array.from({ length: count }, (_, seq) => sample({ seq, t: T + seq * 1000, ...fields }));

/** Samples that fill a bit more than two records. */
const large = seconds(24, { model: 'm'.repeat(100_000) });

describe('when Firehose takes only a part of a call', () => {
  test('the rest is sent again, it alone and after a pause, and nothing is stored twice', async () => {
    const { service, telemetry, pauses, rows } = await open();
    service.change((call) => (call === 0 ? [1] : null));
    assert.deepEqual(await telemetry.write(large), { stored: 24, repeated: 0, rejected: [] });
    assert.deepEqual(inOrder(rows().map(sampleOf)), inOrder(large));
    assert.equal(service.calls[0]?.length, 3);
    assert.deepEqual(service.calls[1], [service.calls[0]?.[1]]);
    assert.deepEqual(pauses, [100]);
  });

  test('for ever, it rejects after longer and longer pauses, and a repeated call loses nothing', async () => {
    const { service, telemetry, pauses, rows } = await open();
    service.change((call) => (call === 0 ? [0, 2] : [0, 1]));
    await assert.rejects(telemetry.write(large), {
      name: 'TelemetryError',
      code: 'throttled',
      message:
        'Firehose did not take 2 of 3 records of samples in 5 attempts (ServiceUnavailableException: Slow down.)',
    });
    assert.deepEqual(pauses, [100, 200, 400, 800]);
    service.change(() => null);
    await telemetry.write(large);
    assert.deepEqual(inOrder(samplesOnce(rows())), inOrder(large));
  });

  test('with an answer that says nothing of a record, that record is sent again', async () => {
    const { service, telemetry } = await open();
    service.change((call) => (call === 0 ? { result: { FailedPutCount: 1, RequestResponses: [] } } : null));
    await telemetry.write(seconds(3));
    assert.equal(service.records('samples').length, 1);
  });
});

describe('when Firehose fails', () => {
  for (const [name, error, status, code] of [
    ['throttling', 'ServiceUnavailableException', 503, 'retry'],
    ['a stream that is not there', 'ResourceNotFoundException', 400, 'absent'],
  ] as const) {
    test(`${name} rejects with the cause, and a repeated call stores everything`, async () => {
      const { service, telemetry, rows } = await open();
      service.change(() => ({ error, status }));
      await assert.rejects(telemetry.write(seconds(5)), (thrown: unknown) => {
        assert.ok(thrown instanceof TelemetryError && thrown.cause instanceof Error);
        assert.deepEqual([thrown.code, thrown.cause.name], [code, error]);
        return true;
      });
      assert.deepEqual(rows(), []);
      service.change(() => null);
      await telemetry.write(seconds(5));
      assert.deepEqual(inOrder(rows().map(sampleOf)), inOrder(seconds(5)));
    });
  }
});

test('whatever fails and however often, a call that is repeated until it succeeds loses nothing', async () => {
  const fault = fc.oneof(
    fc.constant(null),
    fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
    fc.constant({ error: 'ServiceUnavailableException', status: 503 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 15 }), async (planned) => {
      const { service, telemetry, rows } = await open();
      service.change((call) => planned[call] ?? null);
      const again = async (): Promise<unknown> => telemetry.write(large).catch(again);
      await again();
      assert.deepEqual(inOrder(samplesOnce(rows())), inOrder(large));
    }),
    { numRuns: 15 },
  );
});

describe('samples that the lake could not take', () => {
  const cases: [string, StoredSample, RegExp][] = [
    ['a model of enormous length', sample({ model: 'm'.repeat(1_000_001) }), /document is 1000\d\d\d bytes/],
    ['a sensor that is not a number', sample({ values: [Number.NaN, 1, 1, 1, 1, 1] }), /v1 is not a finite/],
    ['an infinite share', sample({ why: [1, 1, 1, 1, 1, Number.POSITIVE_INFINITY] }), /w is not a finite/],
    ['a time between milliseconds', sample({ t: T + 0.5 }), /t is not a whole number/],
  ];
  for (const [name, unfit, detail] of cases) {
    test(`${name} is rejected alone`, async () => {
      const { telemetry, rows } = await open();
      const { rejected, ...counts } = await telemetry.write([sample({ seq: 1 }), unfit, sample({ seq: 2 })]);
      assert.deepEqual(counts, { stored: 2, repeated: 0 });
      assert.deepEqual(
        rejected.map((one) => one.sample),
        [unfit],
      );
      assert.match(rejected[0]?.detail ?? '', detail);
      assert.equal(rows().length, 2);
    });
  }
});
