import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { inOrder } from '../../fixture/stored-sample.ts';
import type { AwsAnswer } from '../telemetry/aws-json.ts';
import { openTimestream, seconds } from './opened.ts';

const THROTTLED: AwsAnswer = { error: 'ThrottlingException' };
const BROKEN: AwsAnswer = { error: 'InternalServerException', status: 500 };

describe('when Timestream fails', () => {
  test('throttling of everything rejects with the cause, and a repeated call loses nothing', async () => {
    const { service, telemetry, stored } = await openTimestream();
    service.change({ fault: () => THROTTLED });
    await assert.rejects(telemetry.write(seconds(1000)), {
      name: 'TelemetryError',
      code: 'throttled',
      message: 'Timestream did not take 100 records of samples: ThrottlingException: ThrottlingException',
    });
    assert.deepEqual(stored(), []);
    service.change({});
    assert.deepEqual(await telemetry.write(seconds(1000)), { stored: 1000, repeated: 0, rejected: [] });
    assert.deepEqual(stored(), inOrder(seconds(1000)));
  });

  test('an error in the middle of many requests leaves a store that a repeated call completes', async () => {
    const { service, telemetry, stored } = await openTimestream();
    service.change({ fault: (request) => (request === 5 ? BROKEN : null) });
    await assert.rejects(telemetry.write(seconds(1500)), { code: 'retry' });
    assert.ok(stored().length >= 500 && stored().length < 1500);
    const { stored: count, repeated, rejected } = await telemetry.write(seconds(1500));
    assert.deepEqual([count + repeated, rejected], [1500, []]);
    assert.deepEqual(stored(), inOrder(seconds(1500)));
  });

  test('a fault that passes is got over by the client itself', async () => {
    const { service, telemetry, stored } = await openTimestream({ maxAttempts: 3 });
    service.change({ fault: (request) => (request === 0 ? BROKEN : null) });
    assert.equal((await telemetry.write(seconds(3))).stored, 3);
    assert.equal(stored().length, 3);
  });

  test('whatever fails and however often, a call that is repeated until it succeeds stores everything once', async () => {
    const faults = fc.array(fc.constantFrom(null, THROTTLED, BROKEN), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 700 }), async (planned, count) => {
        const { service, telemetry, stored } = await openTimestream();
        service.change({ fault: (request) => planned[request] ?? null });
        const again = async (): Promise<unknown> => telemetry.write(seconds(count)).catch(again);
        await again();
        assert.deepEqual(stored(), inOrder(seconds(count)));
      }),
      { numRuns: 15 },
    );
  });

  test('a rejection of a record that was not sent is no answer', async () => {
    const { service, telemetry } = await openTimestream();
    const fields = { RejectedRecords: [{ RecordIndex: 7, Reason: 'x' }] };
    service.change({ fault: () => ({ error: 'RejectedRecordsException', status: 419, fields }) });
    await assert.rejects(telemetry.write(seconds(2)), /rejects record 7, which there is not/);
  });
});
