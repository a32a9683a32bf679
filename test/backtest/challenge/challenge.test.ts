import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengeLines, challengeReport } from '../../../backtest/challenge/challenge-report.ts';
import { type KnownOutcome, withFaults } from '../../../backtest/challenge/evidence.ts';
import { tryChallenger } from '../../../backtest/challenge/try-challenger.ts';
import type { LabelledSample, Recording } from '../../../backtest/recordings/recording.ts';
import { readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';

const SECOND = 1000;
const BEGIN = Date.UTC(2026, 2, 9, 10);
const HOUR = 3600;
const reading = readPolicyBook({ notifyFrom: 'advisory' });
const book = reading.ok ? reading.book : assert.fail('the policy is sound');

type Span = readonly [fromS: number, toS: number];
type Word = Readonly<{ champion: readonly Span[]; challenger: readonly Span[] | null }>;

const isIn = (spans: readonly Span[], s: number): boolean => spans.some(([from, to]) => s >= from && s < to);

const probabilityIn = (spans: readonly Span[], s: number): number => (isIn(spans, s) ? 0.9 : 0.1);

/** Six hours of one cylinder, in which each model finds what is said of it. */
const recordingOf = ({ champion, challenger }: Word, labels: readonly Span[] | null = null): Recording => {
  const sampleAt = (s: number): LabelledSample => ({
    cylinder: 'press-1',
    gateway: 'g',
    t: BEGIN + s * SECOND,
    boot: null,
    seq: null,
    model: 'old@1',
    values: [1, 2, 3, 4, 5, 6],
    probability: probabilityIn(champion, s),
    why: null,
    ...(challenger === null
      ? {}
      : { challenger: { model: 'new@2', probability: probabilityIn(challenger, s) } }),
    label: labels === null ? null : isIn(labels, s),
  });
  function* messages() {
    for (let s = 0; s < 6 * HOUR; s += 10) {
      const samples = Array.from({ length: 10 }, (_, i) => sampleAt(s + i));
      yield [{ gateway: 'g', receivedAt: BEGIN + (s + 9) * SECOND, samples }];
    }
  }
  return { file: 'f', samples: 6 * HOUR, messages, close: () => undefined };
};

const known = (outcome: string, [from, to]: Span): KnownOutcome => ({
  cylinder: 'press-1',
  fromMs: BEGIN + from * SECOND,
  toMs: BEGIN + to * SECOND,
  outcome,
});

const FAULT: Span = [3600, 5400];
const FALSE: Span = [9000, 9600];
const ELSEWHERE: Span = [14_000, 14_600];
const DEMANDS = { minScoredMs: 3_600_000, laterMs: 60_000 };

const reportOn = async (
  word: Word,
  outcomes: readonly KnownOutcome[],
  labels: readonly Span[] | null = null,
) =>
  challengeReport(
    await tryChallenger(recordingOf(word, labels), {
      policies: { champion: book, challenger: book },
      scorer: null,
      wanted: null,
      onProgress: () => undefined,
    }),
    outcomes,
    DEMANDS,
  );

const FOUND = [known('fault', FAULT), known('no-fault-found', FALSE)];

test('a challenger that tells the fault and not what was none has nothing against it', async () => {
  const report = await reportOn({ champion: [FAULT, FALSE], challenger: [FAULT] }, FOUND);
  const { champion, challenger, truth, faults } = report.evidence;
  assert.deepEqual([truth, faults], ['outcomes', 1]);
  assert.deepEqual([champion.detected, champion.false, champion.unjudged], [1, 1, 0]);
  assert.deepEqual([challenger.detected, challenger.false, challenger.unjudged], [1, 0, 0]);
  assert.deepEqual(report.objections, []);
  assert.equal(report.isBetter, true);
  const { agreement } = report.trial;
  assert.deepEqual(agreement, { both: 1800, neither: 6 * HOUR - 2400, champion: 600, challenger: 0 });
  assert.match(challengeLines(report).join('\n'), /champion alone +press-1 .* false\n/);
});

test('one that misses a fault, or gives more false alarms, is objected to in those words', async () => {
  const missing = await reportOn({ champion: [FAULT], challenger: [] }, FOUND);
  assert.deepEqual(missing.objections, ['it would have told 0 of 1 known faults, the champion 1']);
  const louder = await reportOn({ champion: [FAULT], challenger: [FAULT, FALSE] }, FOUND);
  assert.deepEqual(louder.objections, ['it would have given 1 false alarms, the champion 0']);
});

test('what it alone would have told and nobody has looked into speaks against it', async () => {
  const report = await reportOn({ champion: [FAULT], challenger: [FAULT, ELSEWHERE] }, FOUND);
  assert.match(report.objections.join(), /1 incidents that nobody has looked into, the champion 0/);
  assert.equal(report.evidence.challenger.told.at(-1)?.verdict, 'unjudged');
});

test('one that tells the same fault much later is objected to', async () => {
  const report = await reportOn({ champion: [FAULT], challenger: [[4800, 5400]] }, FOUND);
  assert.match(report.objections.join(), /it tells known faults 1200 s later at the median/);
});

test('without an outcome, or with too little time, nothing is decided', async () => {
  const report = await reportOn({ champion: [FAULT], challenger: [FAULT] }, []);
  assert.match(report.objections.join(), /nothing says which of both is right/);
  assert.equal(report.expected, null, 'alarms that nobody has looked into promise nothing');
  assert.doesNotMatch(challengeLines(report).join('\n'), /to expect of it/);
  const trial = await tryChallenger(recordingOf({ champion: [FAULT], challenger: [FAULT] }), {
    policies: { champion: book, challenger: book },
    scorer: null,
    wanted: null,
    onProgress: () => undefined,
  });
  const short = challengeReport(trial, FOUND, { ...DEMANDS, minScoredMs: 24 * 3_600_000 });
  assert.deepEqual(short.objections, ['both scored 6.0 h of cylinders, less than the 24 h asked for']);
});

test('what was found before both scored, or of a cylinder that neither did, counts for nothing', async () => {
  const elsewhere = { ...known('fault', FAULT), cylinder: 'press-2' };
  const report = await reportOn({ champion: [FAULT], challenger: [FAULT] }, [
    ...FOUND,
    known('fault', [-7200, -3600]),
    elsewhere,
  ]);
  assert.equal(report.evidence.faults, 1);
});

test('a fault of the maintenance log counts once, whether an incident told it or not', async () => {
  const noted = [known('fault', [3000, 5000]), known('fault', ELSEWHERE)];
  const report = await reportOn(
    { champion: [FAULT], challenger: [FAULT, ELSEWHERE] },
    withFaults(FOUND, noted),
  );
  assert.deepEqual([report.evidence.champion.detected, report.evidence.challenger.detected], [1, 2]);
  assert.equal(report.evidence.faults, 2);
  const { detectedShare } = report.expected?.change ?? assert.fail('something is to be expected');
  assert.equal(detectedShare?.estimate, 0.5);
  assert.ok((detectedShare?.low ?? 1) < 0 && (detectedShare?.high ?? 0) > 0.5);
});

test('labels of a recording are the truth where there are any', async () => {
  const report = await reportOn({ champion: [FALSE], challenger: [FAULT] }, [], [FAULT]);
  assert.equal(report.evidence.truth, 'labels');
  assert.deepEqual([report.evidence.champion.detected, report.evidence.challenger.detected], [0, 1]);
  assert.deepEqual([report.evidence.champion.false, report.evidence.challenger.false], [1, 0]);
  assert.deepEqual(report.objections, []);
});

test('samples that no model on trial has scored are left out for both', async () => {
  const trial = await tryChallenger(recordingOf({ champion: [FAULT], challenger: null }), {
    policies: { champion: book, challenger: book },
    scorer: null,
    wanted: null,
    onProgress: () => undefined,
  });
  assert.deepEqual([trial.samples, trial.leftOut, trial.scoredMs], [0, 6 * HOUR, 0]);
  const rescored = await tryChallenger(recordingOf({ champion: [FAULT], challenger: null }), {
    policies: { champion: book, challenger: book },
    scorer: { name: 'now@3', start: () => () => 0.2 },
    wanted: null,
    onProgress: () => undefined,
  });
  assert.deepEqual([rescored.samples, rescored.challengers], [6 * HOUR, ['now@3']]);
});
