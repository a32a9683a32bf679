import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfirmation, NUCLEUS_TIMING } from '../../../edge/ipc/confirmation.ts';

test('no message is repeated while the next one waits for room: of two publishes at once the nucleus fails one', async () => {
  let underWay = 0;
  const confirmation = createConfirmation({
    timing: { ...NUCLEUS_TIMING, holdMs: 60_000, paceMs: 60, probeMs: 4 },
    echo: () => null,
    repeat: () => {
      underWay += 1;
      return new Promise(() => {});
    },
    onDoubt: () => {},
  });
  for (let message = 0; message < 9; message += 1) void confirmation.accepted('t', 'x');
  await confirmation.room(10);
  assert.equal(underWay, 0);
  confirmation.close();
});
