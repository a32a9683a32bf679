import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CylinderInput } from '../../domain/alarm/fold-cylinder.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { CylinderState } from '../../domain/alarm/state/state.ts';
import type { Sample } from '../../domain/message/sample.ts';
import { at, samplesOf } from '../fixture/alarm-story.ts';
import { happenings, inputsOf } from '../fixture/arbitrary-inputs.ts';
import { policies } from '../fixture/arbitrary-policy.ts';
import { foldAll, noticesIn, stored, transitionsIn } from '../fixture/fold-all.ts';
import { RUNS } from '../fixture/property-runs.ts';

/** Seconds between two ticks: what they are, and how far each sample and its repetition come out of order. */
const spans = fc.array(
  fc.record({
    runs: fc.array(fc.tuple(fc.constantFrom('A', 'A', 'n', 'i', '-'), fc.integer({ min: 1, max: 7 })), {
      minLength: 1,
      maxLength: 5,
      size: 'max',
    }),
    shifts: fc.infiniteStream(fc.nat(3)),
    repeated: fc.infiniteStream(fc.boolean()),
  }),
  { minLength: 1, maxLength: 6, size: 'max' },
);

type Placed = Readonly<{ sample: Sample; place: number }>;

const patternOf = (runs: readonly (readonly [string, number])[]) =>
  runs.map(([letter, count]) => letter.repeat(count)).join('');

/** One message for each sample, spread evenly over the span, or all of them received at its end. */
const received = (samples: readonly Sample[], from: number, to: number, spread: boolean): CylinderInput[] =>
  samples.map((sample, index) => ({
    kind: 'samples',
    receivedAt: at(spread ? from + ((index + 1) / samples.length) * (to - from) : to),
    samples: [sample],
  }));

/** A sample that is placed less than the wait for stragglers behind its second is never late. */
const shuffled = (
  samples: readonly Sample[],
  latenessMs: number,
  shifts: Iterator<number>,
  repeated: Iterator<boolean>,
): readonly Sample[] => {
  const place = (sample: Sample): Placed => ({
    sample,
    place: sample.t + ((Number(shifts.next().value) * 1000) % latenessMs),
  });
  return samples
    .flatMap((sample) => (repeated.next().value === true ? [place(sample), place(sample)] : [place(sample)]))
    .sort((a, b) => a.place - b.place)
    .map(({ sample }) => sample);
};

const withoutAt = (outputs: readonly AlarmOutput[]) =>
  noticesIn(outputs).map((notice) => ({ ...notice, at: 0 }));

/** What was said between two ticks, tick by tick. */
const betweenTicks = (
  spansOfInputs: readonly (readonly CylinderInput[])[],
  policy: Parameters<typeof foldAll>[1],
) => {
  const all: CylinderInput[] = [];
  let before = 0;
  return spansOfInputs.map((inputs) => {
    all.push(...inputs);
    const { outputs } = foldAll(all, policy);
    const said = outputs.slice(before);
    before = outputs.length;
    return { notices: withoutAt(said), transitions: transitionsIn(said) };
  });
};

/** Whether a reminder may come now hangs on which sample is the latest at the moment: it comes a tick later in another order. */
const NO_REMINDERS = { remind: {} };

const NO_CLOCK = {
  ...NO_REMINDERS,
  historicalAfterMs: 1_000_000,
  futureToleranceMs: 1_000_000,
  staleAfterMs: 1_000_000,
};

test('in any order in which no sample is late, with any repetitions, the same happens between the same ticks', () => {
  fc.assert(
    fc.property(policies, spans, fc.boolean(), (any, course, spread) => {
      // What goes by the clock of the message that happens to come is the same only where all messages of a span
      // come with one clock; spread over it, that clock must be out of the play.
      const policy = { ...any, ...(spread ? NO_CLOCK : NO_REMINDERS) };
      let from = 0;
      const sorted: CylinderInput[][] = [];
      const mixed: CylinderInput[][] = [];
      for (const { runs, shifts, repeated } of course) {
        const pattern = patternOf(runs);
        const samples = samplesOf(pattern, from);
        const to = from + pattern.length;
        const tick = { kind: 'tick', receivedAt: at(to) } as const;
        const others = shuffled(samples, policy.latenessMs, shifts, repeated);
        sorted.push([...received(samples, from, to, spread), tick]);
        mixed.push([...received(others, from, to, spread), tick]);
        from = to;
      }
      assert.deepEqual(betweenTicks(mixed, policy), betweenTicks(sorted, policy));
    }),
    RUNS,
  );
});

/** Every message cut into pieces that are received with it. */
const cut = (inputs: readonly CylinderInput[], sizes: Iterator<number>): readonly CylinderInput[] =>
  inputs.flatMap((input) => {
    if (input.kind !== 'samples') return [input];
    const pieces: CylinderInput[] = [];
    for (let from = 0; from < input.samples.length; ) {
      const size = Number(sizes.next().value);
      pieces.push({ ...input, samples: input.samples.slice(from, from + size) });
      from += size;
    }
    return pieces;
  });

test('cut into any batches, with a restart between any two of them, the same happens', () => {
  fc.assert(
    fc.property(
      policies,
      happenings,
      fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
      (policy, happened, sizes) => {
        const inputs = inputsOf(happened);
        assert.deepEqual(foldAll(cut(inputs, sizes), policy, stored), foldAll(inputs, policy));
      },
    ),
    RUNS,
  );
});

/** Messages and commands twice more, right after they came or some inputs later. */
const redelivered = (
  inputs: readonly CylinderInput[],
  delays: Iterator<number>,
): readonly CylinderInput[] => {
  const due = new Map<number, CylinderInput[]>();
  return inputs.flatMap((input, index) => {
    const delay = Number(delays.next().value);
    if (input.kind !== 'tick' && delay > 0) {
      const when = Math.min(inputs.length - 1, index + delay - 1);
      due.set(when, [...(due.get(when) ?? []), input, input]);
    }
    return [input, ...(due.get(index) ?? [])];
  });
};

/** A state without what is counted anew with each delivery. */
const uncounted = (state: CylinderState | null) =>
  state === null ? null : { ...state, lateSamples: 0, judging: { ...state.judging, unjudged: null } };

test('with anything delivered again, any number of times, the same happens but for what is counted or refused anew', () => {
  fc.assert(
    fc.property(
      policies,
      happenings,
      fc.infiniteStream(fc.constantFrom(0, 0, 1, 2, 9)),
      (policy, happened, delays) => {
        const inputs = inputsOf(happened);
        const once = foldAll(inputs, policy);
        const often = foldAll(redelivered(inputs, delays), policy);
        const said = ({ outputs }: typeof once) =>
          outputs.filter(({ kind }) => kind === 'condition' || kind === 'severity' || kind === 'notice');
        assert.deepEqual(said(often), said(once));
        assert.deepEqual(uncounted(often.state), uncounted(once.state));
      },
    ),
    RUNS,
  );
});
