import assert from 'node:assert/strict';
import type { Stack } from './deploy-stage.ts';
import { eventually } from './eventually.ts';
import { runSentinel } from './run-sentinel.ts';

/** Runs `sentinel redrive` for a stack; resolves with what it printed, and fails where it did or where it left something. */
export const redrive = async (stack: Stack, from: string): Promise<string> => {
  const { code, out, err } = await runSentinel(['redrive', '--from', from, '--stack', stack.name], stack.env);
  assert.equal(code, 0, `${out}\n${err}`);
  assert.match(out, /\n[1-9]\d* put back, 0 left\s*$/);
  return out;
};

/**
 * Puts dead letters back until so many samples are stored, as whoever finds some missing does: the queue is that of all
 * functions, so that a letter counted before may have been another's, and one of these may come later.
 */
export const redriveUntilStored = async (
  stack: Stack,
  deadLetters: () => Promise<number>,
  stored: () => Promise<number>,
  samples: number,
): Promise<void> => {
  const said: string[] = [];
  await eventually(
    async () => {
      if ((await deadLetters()) > 0) said.push(await redrive(stack, 'dead-letters'));
      return { stored: await stored(), said };
    },
    (found) => found.stored === samples,
  );
};
