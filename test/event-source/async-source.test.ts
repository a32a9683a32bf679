import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asyncSource } from './async-source.ts';
import { simulatedClock } from './simulated-clock.ts';
import { BLANK, type Tape, tapeOf } from './tape.ts';

const SETTINGS = { functionName: 'f', maximumRetryAttempts: 2, maximumEventAgeMs: 3_600_000 };

const drain = async (
  payloads: readonly string[],
  answer: (payload: string) => void,
  { tape = BLANK, settings = {} }: Readonly<{ tape?: Tape; settings?: Partial<typeof SETTINGS> }> = {},
) => {
  const calls: string[] = [];
  const clock = simulatedClock(0);
  const source = asyncSource(
    { ...SETTINGS, ...settings },
    {
      clock,
      tape,
      invoke: (event) =>
        Promise.try(() => {
          calls.push(String(event));
          answer(String(event));
        }),
    },
  );
  for (const payload of payloads) source.send(payload);
  while (source.isBusy()) await source.step();
  return { calls, dead: source.dead(), clock };
};

describe('asynchronous calls of a function', () => {
  test('are made once each where all goes well', async () => {
    assert.deepEqual((await drain(['a', 'b'], () => undefined)).calls, ['a', 'b']);
  });

  test('are retried twice, after one minute and after two, and then kept with their payload', async () => {
    const answer = (payload: string) => {
      if (payload === 'a') throw new Error('bad');
    };
    const { calls, dead, clock } = await drain(['a', 'b'], answer);
    assert.deepEqual(calls.toSorted(), ['a', 'a', 'a', 'b']);
    assert.equal(clock.now(), 180_000);
    assert.deepEqual(
      dead.map(({ requestPayload, requestContext }) => [
        requestPayload,
        requestContext.condition,
        requestContext.approximateInvokeCount,
      ]),
      [['a', 'RetriesExhausted', 3]],
    );
  });

  test('are kept without a further try when they are too old', async () => {
    const answer = () => {
      throw new Error('down');
    };
    const { calls, dead } = await drain(['a'], answer, { settings: { maximumEventAgeMs: 30_000 } });
    assert.deepEqual(calls, ['a']);
    assert.deepEqual(
      dead.map(({ requestContext }) => requestContext.condition),
      ['EventAgeExceeded'],
    );
  });

  test('may be made once more after they were answered, and in another order', async () => {
    // The second of two first; then, of what is left, once more.
    const { calls } = await drain(['a', 'b'], () => undefined, { tape: tapeOf([1, 7]) });
    assert.deepEqual(calls, ['b', 'a', 'b']);
  });
});
