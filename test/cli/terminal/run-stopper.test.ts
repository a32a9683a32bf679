import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createStopper } from '../../../cli/terminal/run-stopper.ts';

const MONTH_MS = 30 * 86_400_000;

test('a run ends after its time, which may be longer than a timer can be set', async () => {
  const short = createStopper(1);
  const long = createStopper(MONTH_MS);
  await new Promise((resolve) => short.signal.addEventListener('abort', resolve));
  // A timer that is set to more than it can hold would be due at once.
  await delay(20);
  assert.equal(long.signal.aborted, false);
  long.stop();
  assert.equal(long.signal.aborted, true);
});

test('the first signal stops the run, and leaves the second to the system', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const before = process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
    const stopper = createStopper(undefined);
    process.emit(signal);
    assert.equal(stopper.signal.aborted, true);
    assert.equal(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM'), before);
  }
});

test('of several failures the first is the one that is told', () => {
  const stopper = createStopper(undefined);
  assert.equal(stopper.hasFailed(), false);
  stopper.rethrow();
  stopper.fail(new Error('disk'));
  stopper.fail(new Error('its consequence'));
  assert.equal(stopper.hasFailed(), true);
  assert.equal(stopper.signal.aborted, true);
  assert.throws(() => stopper.rethrow(), /^Error: disk$/);
});

test('a terminal that goes away stops what shows itself on it, and nothing else', () => {
  const shown = createStopper(undefined, true);
  const unseen = createStopper(undefined, false);
  process.emit('SIGHUP');
  assert.equal(shown.signal.aborted, true);
  assert.equal(unseen.signal.aborted, false);
  // As a shell sends it once more after the system.
  assert.ok(process.listenerCount('SIGHUP') > 0);
  unseen.stop();
});
