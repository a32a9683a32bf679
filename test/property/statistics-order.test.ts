import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CylinderInput } from '../../domain/alarm/fold-cylinder.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldRecord } from '../../domain/fold/fold-record.ts';
import type { Sample } from '../../domain/message/sample.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { at, samplesOf } from '../fixture/alarm-story.ts';
import { RUNS } from '../fixture/property-runs.ts';

const LATENESS_S = 30;
const POLICY = {
  ...SHORT_POLICY,
  latenessMs: LATENESS_S * 1000,
  staleAfterMs: 60_000,
  futureToleranceMs: 1_000_000,
  idle: { sensor: 'wRMSCurrent', below: 1 },
} as const;

/** Seconds of one kind, and where the gateway was started again. */
const courses = fc.array(
  fc.record({
    letter: fc.constantFrom('A', 'n', 'n', 'i', '-'),
    count: fc.integer({ min: 1, max: 40 }),
    restarts: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 1, maxLength: 12, size: 'max' },
);

/** The samples of a course, numbered; a second without a sample has a number of its own every other time. */
const samplesIn = (course: typeof courses extends fc.Arbitrary<infer T> ? T : never): readonly Sample[] => {
  const samples: Sample[] = [];
  let second = 0;
  let boot = 0;
  let seq = 0;
  for (const { letter, count, restarts } of course) {
    if (restarts) {
      boot += 1;
      seq = 0;
    }
    for (const sample of samplesOf(letter.repeat(count), second)) {
      samples.push({ ...sample, boot: `boot-${boot}`, seq });
      seq += 1;
    }
    // What was lost on the way has a number that never comes.
    if (letter === '-' && count % 2 === 0) seq += count;
    second += count;
  }
  return samples;
};

/** Each sample less than the wait for stragglers behind its time, some of them twice. */
const mixed = (
  samples: readonly Sample[],
  delays: Iterator<number>,
  repeated: Iterator<boolean>,
): readonly Sample[] =>
  samples
    .flatMap((sample) => {
      const place = () => ({ sample, place: sample.t + Number(delays.next().value) * 1000 });
      return repeated.next().value === true ? [place(), place()] : [place()];
    })
    .sort((a, b) => a.place - b.place)
    .map(({ sample }) => sample);

const cut = (samples: readonly Sample[], sizes: Iterator<number>): readonly (readonly Sample[])[] => {
  const messages: (readonly Sample[])[] = [];
  for (let from = 0; from < samples.length; ) {
    const size = Number(sizes.next().value);
    messages.push(samples.slice(from, from + size));
    from += size;
  }
  return messages;
};

/** What the twin says in the end of all that is counted. */
const counted = (messages: readonly (readonly Sample[])[], lastMs: number) => {
  const inputs: readonly CylinderInput[] = [
    ...messages.map((samples) => ({ kind: 'samples', receivedAt: lastMs, samples }) as const),
    { kind: 'tick', receivedAt: lastMs + POLICY.staleAfterMs },
  ];
  let record: CylinderRecord | null = null;
  for (const input of inputs) record = foldRecord('c', record, input, POLICY).record;
  if (record === null) return null;
  const { abnormalShareHour, abnormalShareDay, health, runningHours, missingSamples, sampling, lateSamples } =
    buildTwin(record, lastMs, POLICY.staleAfterMs);
  return { abnormalShareHour, abnormalShareDay, health, runningHours, missingSamples, sampling, lateSamples };
};

const delays = fc.infiniteStream(fc.nat(LATENESS_S - 1));
const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 12 }));

test('in any order in which no sample is late, with any repetitions and in any batches, the twin counts the same', () => {
  fc.assert(
    fc.property(courses, delays, fc.infiniteStream(fc.boolean()), sizes, (course, later, again, size) => {
      const samples = samplesIn(course);
      fc.pre(samples.length > 0);
      const lastMs = samples.at(-1)?.t ?? at(0);
      const inOrder = counted([samples], lastMs);
      const cutUp = cut(mixed(samples, later, again), size);
      assert.deepEqual({ ...counted(cutUp, lastMs), lateSamples: 0 }, { ...inOrder, lateSamples: 0 });
    }),
    RUNS,
  );
});

test('what drains from a queue when all else is over fills what was missing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 2, max: 600 }),
      sizes,
      (from, count, size) => {
        const all = samplesIn([{ letter: 'n', count: from + count + 60, restarts: false }]);
        const lastMs = all.at(-1)?.t ?? at(0);
        const [before, queued, after] = [
          all.slice(0, from),
          all.slice(from, from + count),
          all.slice(from + count),
        ];
        const missing = (messages: readonly (readonly Sample[])[]) =>
          counted(messages, lastMs)?.missingSamples;
        assert.equal(missing([before, after]), count);
        assert.equal(missing([before, after, ...cut(queued, size)]), 0);
        assert.equal(missing([after, ...cut([...before, ...queued], size)]), 0);
      },
    ),
    RUNS,
  );
});
