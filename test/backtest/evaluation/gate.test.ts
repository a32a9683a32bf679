import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  failedGates,
  type MinDetected,
  readMinDetected,
  scoreCard,
} from '../../../backtest/evaluation/score-card.ts';

const TEXTS: readonly (readonly [text: string, read: MinDetected | null])[] = [
  ['17', { kind: 'count', count: 17 }],
  ['1', { kind: 'count', count: 1 }],
  ['1.0', { kind: 'share', share: 1 }],
  ['0.9', { kind: 'share', share: 0.9 }],
  ['.5', { kind: 'share', share: 0.5 }],
  ['90%', { kind: 'share', share: 0.9 }],
  ['62.5 %', { kind: 'share', share: 0.625 }],
  ['1.5', null],
  ['101%', null],
  ['-1', null],
  ['most', null],
  ['', null],
];

for (const [text, read] of TEXTS) {
  test(`"${text}" reads as ${read === null ? 'nothing that could be detected' : JSON.stringify(read)}`, () => {
    assert.deepEqual(readMinDetected(text), read);
  });
}

const HOUR_MS = 3_600_000;
const card = (detected: number, episodes: number, falseAlarms: number, hours: number) =>
  scoreCard([
    {
      detections: Array.from({ length: episodes }, (_, index) => ({
        episode: { cylinder: 'c', beginMs: 0, endMs: 1 },
        alarm: null,
        delayMs: index < detected ? 1000 : null,
        wasUp: false,
      })),
      falseAlarms: Array.from({ length: falseAlarms }, () => ({
        id: 'i',
        cylinder: 'c',
        raisedMs: 0,
        endedMs: 1,
      })),
      soundMs: hours * HOUR_MS,
    },
  ]);

const SHARES: readonly (readonly [detected: number, episodes: number, share: number, passes: boolean])[] = [
  [9, 10, 0.9, true],
  [8, 10, 0.9, false],
  [7, 10, 0.7, true],
  [29, 100, 0.29, true],
  [28, 100, 0.29, false],
  [0, 0, 1, true],
];

for (const [detected, episodes, share, passes] of SHARES) {
  test(`${detected} of ${episodes} ${passes ? 'passes' : 'does not pass'} a share of ${share}`, () => {
    const gates = { maxFalsePerHour: null, minDetected: { kind: 'share', share } as const };
    assert.equal(failedGates(card(detected, episodes, 0, 1), gates).length, passes ? 0 : 1);
  });
}

test('as many false alarms an hour as allowed pass, and one more names what was measured, rounded up', () => {
  const gates = { maxFalsePerHour: 2, minDetected: null };
  assert.deepEqual(failedGates(card(0, 0, 6, 3), gates), []);
  assert.deepEqual(failedGates(card(0, 0, 2001, 1000), gates), [
    '--max-false-per-hour 2 not met: 2.01 an hour (2001 false alarms)',
  ]);
});

test('recordings are summed up by their alarms and hours, not by the mean of their rates', () => {
  const one = {
    detections: [],
    falseAlarms: [{ id: 'i', cylinder: 'c', raisedMs: 0, endedMs: 1 }],
    soundMs: HOUR_MS,
  };
  const other = { detections: [], falseAlarms: [], soundMs: 3 * HOUR_MS };
  assert.equal(scoreCard([one, other]).falsePerHour, 0.25);
  assert.equal(scoreCard([]).falsePerHour, null);
});
