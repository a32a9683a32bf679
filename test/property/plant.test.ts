import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReplay } from '../../domain/alarm/plant.ts';
import { RUNS } from '../fixture/property-runs.ts';
import { randomStream } from '../oracle/random-stream.ts';

type Fields = Readonly<Record<string, unknown>>;

const streams = fc
  .tuple(fc.nat(2 ** 31 - 1), fc.integer({ min: 40, max: 160 }))
  .map(([seed, slots]): readonly Fields[] => randomStream(seed, { slots }).map((line) => ({ ...line })));

const replayed = (lines: readonly Fields[]): readonly Fields[] => {
  const take = createReplay();
  return lines.flatMap((line): readonly Fields[] => {
    const step = take(line);
    if (!step.ok) throw new Error(`${step.message}: ${JSON.stringify(line)}`);
    return step.lines.map((output) => ({ ...output }));
  });
};

const timeOf = ({ receivedAt }: Fields): number => Number(receivedAt ?? 0);

/** Whether a tick may find a time that a clock too far ahead told: the streams tolerate five slots of half a second. */
const isClockCorrected = (lines: readonly Fields[]): boolean => {
  let latest = 0;
  return lines.some((line) => {
    latest = Math.max(latest, timeOf(line));
    return line.tick === true && latest - timeOf(line) > 2500;
  });
};

const hasNewPeriod = (lines: readonly Fields[]): boolean =>
  new Set(lines.flatMap(({ policy }) => (policy === undefined ? [] : [Object(policy).samplePeriodMs]))).size >
  1;

const ownerOf = ({ cylinder, gateway }: Fields): string =>
  cylinder === undefined ? `gateway ${gateway}` : `cylinder ${cylinder}`;

const isNotice = ({ kind }: Fields): boolean => kind === 'notice';
const isTransition = ({ kind }: Fields): boolean => kind === 'condition' || kind === 'severity';

const byOwner = (lines: readonly Fields[]) => Object.fromEntries(Map.groupBy(lines, ownerOf));

/** What pairs of notices of one owner alternate, the first of a pair beginning. */
const PAIRS = [
  ['OFFLINE', 'ONLINE'],
  ['UNWATCHED', 'WATCHED'],
] as const;

test('OFFLINE and ONLINE of one owner alternate, and UNWATCHED and WATCHED of one cylinder', () => {
  fc.assert(
    fc.property(streams, (lines) => {
      const notices = Object.entries(byOwner(replayed(lines).filter(isNotice)));
      for (const [owner, its] of notices) {
        for (const [begins, ends] of PAIRS) {
          const types = (its ?? [])
            .map(({ type }) => type)
            .filter((type) => type === begins || type === ends);
          const expected = types.map((_, index) => (index % 2 === 0 ? begins : ends));
          assert.deepEqual(types, expected, owner);
        }
      }
    }),
    RUNS,
  );
});

/** Messages and commands once more, some lines later. */
const redelivered = (lines: readonly Fields[], delays: Iterator<number>): readonly Fields[] => {
  const again = new Map<number, Fields[]>();
  return lines.flatMap((line, index) => {
    const delay = Number(delays.next().value);
    if ((line.topic !== undefined || line.command !== undefined) && delay > 0) {
      const when = Math.min(lines.length - 1, index + delay);
      again.set(when, [...(again.get(when) ?? []), line]);
    }
    return [line, ...(again.get(index) ?? [])];
  });
};

test('with messages and commands delivered again the same is told, but for the cause of UNWATCHED', () => {
  fc.assert(
    fc.property(streams, fc.infiniteStream(fc.constantFrom(0, 0, 0, 1, 3, 20)), (lines, delays) => {
      fc.pre(!isClockCorrected(lines) && !hasNewPeriod(lines));
      // Under another policy a message delivered again may be another: late or quarantined.
      fc.pre(lines.filter(({ policy }) => policy !== undefined).length === 1);
      const said = (input: readonly Fields[]) =>
        byOwner(
          replayed(input)
            .filter((line) => isNotice(line) || isTransition(line))
            .map(({ cause, ...line }) => (line.type === 'UNWATCHED' ? line : { cause, ...line })),
        );
      assert.deepEqual(said(redelivered(lines, delays)), said(lines));
    }),
    RUNS,
  );
});

/** What makes the time of an evaluation tell, so that a tick before it does: maintenance, a close, another policy. */
const tellsTheTime = ({ command, policy, receivedAt }: Fields): boolean =>
  (policy !== undefined && receivedAt !== undefined) ||
  ['maintenance', 'close'].includes(String(Object(command).type));

test('leaving out ticks changes no transition', () => {
  fc.assert(
    fc.property(streams, fc.infiniteStream(fc.boolean()), (stream, kept) => {
      const lines = stream
        .filter((line) => !tellsTheTime(line))
        .toSorted((one, other) => timeOf(one) - timeOf(other));
      const last = { receivedAt: Math.max(...lines.map(timeOf)) + 1_000_000, tick: true };
      const transitions = (input: readonly Fields[]) =>
        byOwner(replayed([...input, last]).filter(isTransition));
      const fewer = lines.filter((line) => line.tick !== true || kept.next().value === true);
      assert.deepEqual(transitions(fewer), transitions(lines));
    }),
    RUNS,
  );
});
