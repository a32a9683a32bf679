import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMessageGrouping } from '../../../backtest/recordings/read-stored-telemetry.ts';
import { sample } from '../../fixture/stored-sample.ts';

test('stored samples come back as messages: what a gateway sent at once of one cylinder', () => {
  const grouping = createMessageGrouping();
  const stored = [
    sample({ seq: 1, receivedAt: 10 }),
    sample({ seq: 2, receivedAt: 10 }),
    sample({ seq: 1, receivedAt: 10, gateway: 'line-4' }),
    sample({ seq: 3, receivedAt: 20 }),
    sample({ seq: 9, receivedAt: 20, cylinder: 'cyl-99' }),
  ];
  const messages = [...stored.flatMap(grouping.add), ...grouping.end()];
  assert.deepEqual(
    messages.map(({ gateway, receivedAt, samples }) => [gateway, receivedAt, samples.map(({ seq }) => seq)]),
    [
      ['line-3', 10, [1, 2]],
      ['line-4', 10, [1]],
      ['line-3', 20, [3]],
      ['line-3', 20, [9]],
    ],
  );
  assert.deepEqual(grouping.end(), []);
});
