import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunResult, summaryLines } from '../../../backtest/recordings/recording-summary.ts';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';

const START_MS = Date.UTC(2026, 0, 1);
const at = (minutes: number): number => START_MS + minutes * 60_000;

const incident = (fields: Partial<IncidentRecord>): IncidentRecord =>
  incidentRecord({
    id: `press@${at(11)}`,
    cylinder: 'press',
    gateway: 'recording',
    beganAt: at(10),
    raisedAt: at(11),
    ...fields,
  });

const result = (fields: Partial<RunResult> = {}): RunResult => ({
  tally: {
    samples: 3600,
    gaps: 0,
    longestGapMs: 0,
    firstMs: START_MS,
    lastMs: at(60),
    soundMs: 0,
    episodes: [],
  },
  stored: 3600,
  repeated: 0,
  quarantined: 0,
  incidents: [],
  notices: 0,
  windowMs: 60_000,
  ...fields,
});

test('a recording in which nothing was wrong is summed up in four lines', () => {
  assert.deepEqual(summaryLines(result()), [
    'samples: 3600 over 1 h, 2026-01-01 00:00:00Z to 2026-01-01 01:00:00Z; 3600 stored, 0 repeated, 0 quarantined',
    'gaps: none',
    'incidents: 0',
    'notices: 0',
  ]);
});

test('each incident is told with severity, begin and end, or that it is still open', () => {
  const incidents = [
    incident({ clearedAt: at(25), reopenings: 2 }),
    incident({ id: 'other@1', cylinder: 'other' }),
  ];
  const lines = summaryLines(result({ incidents, notices: 3 }));
  assert.deepEqual(lines.slice(2), [
    'incidents: 2',
    '  press  warning  from 2026-01-01 00:10:00Z to 2026-01-01 00:25:00Z (15 min), reopened 2 times',
    '  other  warning  from 2026-01-01 00:10:00Z still open',
    'notices: 3',
  ]);
});

test('where there are labels it says what was detected, when, and what was missed', () => {
  const { tally } = result();
  const episodes = [
    { cylinder: 'press', beginMs: at(9), endMs: at(20) },
    { cylinder: 'press', beginMs: at(40), endMs: at(45) },
  ];
  const falsely = incident({ id: `other@${at(50)}`, cylinder: 'other', raisedAt: at(50) });
  const lines = summaryLines(
    result({
      tally: { ...tally, gaps: 2, longestGapMs: 90_000, soundMs: at(44) - START_MS, episodes },
      incidents: [incident({ clearedAt: at(25) }), falsely],
    }),
  );
  assert.equal(lines[1], 'gaps: 2, the longest 1 min 30 s');
  assert.match(
    lines.at(-3) ?? '',
    /^labels: 1 of 2 episodes detected.*, median delay 2 min, 1 false .*in 44 min labelled sound$/,
  );
  assert.deepEqual(lines.slice(-2), [
    '  press  2026-01-01 00:09:00Z to 2026-01-01 00:20:00Z: detected after 2 min, at 2026-01-01 00:11:00Z',
    '  press  2026-01-01 00:40:00Z to 2026-01-01 00:45:00Z: missed',
  ]);
});

test('a recording that was in the data folder before is not called missed: it says that it was told then', () => {
  const { tally } = result();
  const episodes = [{ cylinder: 'press', beginMs: at(9), endMs: at(20) }];
  const lines = summaryLines(result({ tally: { ...tally, episodes }, stored: 0, repeated: 3600 }));
  assert.equal(lines.length, 3);
  assert.match(lines[2] ?? '', /^all of this recording was in the data folder before/);
});
