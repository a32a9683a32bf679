import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RUNS } from '../fixture/property-runs.ts';
import { byId, type EndState } from './end-state.ts';
import { type Act, type deployLine, NO_MISHAPS } from './happen.ts';
import type { LineSettings } from './line.ts';
import { mishapsOf } from './mishaps-of-tape.ts';
import { play, stories } from './story.ts';
import { BLANK, tapeOf, tapes } from './tape.ts';

type Options = Readonly<{
  settings: LineSettings;
  /** Of so many runs of other properties one of this: it is some hundred calls of functions, each with its requests. */
  oneIn: number;
  /** What has to be the same at the end. */
  compared: (end: EndState) => unknown;
}>;

/** People must be told the same, each once; in which order is another matter. */
export const unordered = (end: EndState) => ({ ...end, published: byId(end.published) });

/** Holds that any story, whatever fails and wherever functions are killed, ends as if nothing had failed. */
export const endsAlike = (
  happen: Awaited<ReturnType<typeof deployLine>>,
  { settings, oneIn, compared }: Options,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(stories, tapes, async (story, choices) => {
      const act: Act = (line, clock) => play(line, clock, story);
      const wanted = await happen({ tape: BLANK, mishaps: NO_MISHAPS, settings, act });
      const tape = tapeOf(choices);
      const end = await happen({ tape, mishaps: mishapsOf(tape), settings, act });
      assert.deepEqual(compared(end), compared(wanted));
      assert.deepEqual([end.untold, end.toldTwice], [[], []]);
    }),
    { numRuns: Math.ceil(RUNS.numRuns / oneIn), endOnFailure: true },
  );
