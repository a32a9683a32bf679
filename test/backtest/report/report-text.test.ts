import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutcomeLog, type OutcomeLog } from '../../../backtest/outcome-log.ts';
import { type RunResult, summaryLines } from '../../../backtest/report/report-text.ts';
import { DEFAULT_BOOK } from '../../../domain/alarm/policy/policy-book.ts';

const START_MS = Date.UTC(2026, 0, 1);
const at = (minutes: number): number => START_MS + minutes * 60_000;

const result = (fields: Partial<RunResult> = {}): RunResult => ({
  tally: {
    samples: 3600,
    gaps: 0,
    longestGapMs: 0,
    isLabelled: false,
    spacings: new Map([['press', 1000]]),
    firstMs: START_MS,
    lastMs: at(60),
  },
  stored: 3600,
  repeated: 0,
  quarantined: 0,
  ...fields,
});

const summary = (log: OutcomeLog, fields: Partial<RunResult> = {}): readonly string[] =>
  summaryLines(
    result(fields),
    { file: 'data/press.csv', policy: { name: 'p.json', book: DEFAULT_BOOK }, outcome: log.end() },
    (_, text) => text,
  );

/** An hour of two cylinders; the press is labelled abnormal in two stretches. */
const logOfAnHour = ({ isLabelled = true } = {}): OutcomeLog => {
  const log = createOutcomeLog(DEFAULT_BOOK.of);
  const isWrong = (minute: number): boolean => (minute >= 9 && minute < 21) || (minute >= 40 && minute < 45);
  for (let t = START_MS; t < at(60); t += 1000) {
    const label = isLabelled ? isWrong((t - START_MS) / 60_000) : null;
    log.take({ cylinder: 'press', t, label });
    log.take({ cylinder: 'other', t, label: isLabelled ? false : null });
  }
  return log;
};

const raise = (log: OutcomeLog, cylinder: string, raisedAt: number, clearedAt: number | null): void => {
  const incident = `${cylinder}@${raisedAt}`;
  const change = { kind: 'condition', cylinder, incident } as const;
  log.add({ ...change, t: raisedAt, from: 'SUSPECT', to: 'ACTIVE', began: raisedAt - 60_000 });
  log.add({ kind: 'severity', cylinder, incident, t: raisedAt, severity: 'warning' });
  if (clearedAt !== null) log.add({ ...change, t: clearedAt, from: 'CLEARING', to: 'NORMAL' });
};

test('a recording in which nothing was wrong is summed up in few lines, none of them about labels', () => {
  const lines = summary(logOfAnHour({ isLabelled: false }));
  assert.deepEqual(lines.slice(0, 2), [
    'samples: 3600 over 1 h, 2026-01-01 00:00:00Z to 2026-01-01 01:00:00Z; 3600 stored, 0 repeated, 0 quarantined',
    'gaps: none',
  ]);
  assert.ok(lines.includes('incidents: none'));
  assert.ok(lines.includes('notices: none'));
  assert.ok(!lines.includes('labelled episodes'));
});

test('where there are labels it says what was detected, when, and what was missed, in the words of a backtest', () => {
  const log = logOfAnHour();
  raise(log, 'press', at(11), at(25));
  raise(log, 'other', at(50), null);
  const { tally } = result();
  const lines = summary(log, { tally: { ...tally, gaps: 2, longestGapMs: 90_000, isLabelled: true } });
  assert.equal(lines[1], 'gaps: 2, the longest 1 min 30 s');
  const text = lines.join('\n');
  assert.match(text, /press\.csv +A +1 of 2 +2 min +2 min +1 +1 +/);
  assert.match(text, /press +warning +2026-01-01 00:10:00Z +2026-01-01 00:25:00Z +15 min +0 +true alarm/);
  assert.match(text, /other +warning +2026-01-01 00:49:00Z +still open .*false alarm/);
  assert.match(text, /press +2026-01-01 00:09:00Z +2026-01-01 00:20:59Z +after 2 min\n/);
  assert.match(text, /press +2026-01-01 00:40:00Z +2026-01-01 00:44:59Z +missed\n/);
});

test('a recording that was in the data folder before is not called missed: it says that it was told then', () => {
  const lines = summary(logOfAnHour(), { stored: 0, repeated: 3600 });
  assert.equal(lines.length, 3);
  assert.match(lines[2] ?? '', /^all of this recording was in the data folder before/);
});
