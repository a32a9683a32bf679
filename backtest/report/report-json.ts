import type { Backtest, RecordingReport, Result } from '../backtest.ts';
import { endOf, severityOf } from '../evaluation/detection.ts';
import { raisedForMs } from '../evaluation/difference.ts';
import { letterOf, verdictOn } from './incident-rows.ts';

const resultJson = (result: Result, index: number) => ({
  policy: letterOf(index),
  score: result.score,
  incidents: result.outcome.incidents.map((incident) => ({
    id: incident.id,
    cylinder: incident.cylinder,
    severity: severityOf(incident),
    beganMs: incident.beganMs,
    clearedMs: endOf(incident),
    stretches: incident.stretches,
    severities: incident.severities,
    verdict: verdictOn(incident, result),
  })),
  alarms: result.alarms,
  episodes: result.judgement.detections.map(({ episode, alarm, delayMs, wasUp }) => ({
    ...episode,
    detectedBy: alarm?.id ?? null,
    delayMs,
    falseAlarmWasUp: wasUp,
  })),
  falseAlarms: result.judgement.falseAlarms,
  noticesByType: result.notices,
  notices: result.outcome.notices.map(({ output: { kind: _, ...notice } }) => notice),
});

const recordingJson = ({ file, facts, results, difference }: RecordingReport) => ({
  file,
  samples: facts.samples,
  firstMs: facts.firstMs,
  lastMs: facts.lastMs,
  isLabelled: facts.isLabelled,
  cylinders: [...facts.traces.keys()],
  results: results.map(resultJson),
  difference:
    difference === null
      ? null
      : {
          onlyA: difference.onlyFirst.map(({ id }) => id),
          onlyB: difference.onlySecond.map(({ id }) => id),
          incidents: difference.pairs.map(({ first, second }) => ({
            a: first.id,
            b: second.id,
            aRaisedForMs: raisedForMs(first, facts.lastMs),
            bRaisedForMs: raisedForMs(second, facts.lastMs),
          })),
          delays: difference.delays.map(({ episode, firstMs, secondMs }) => ({
            ...episode,
            aMs: firstMs,
            bMs: secondMs,
          })),
          notices: difference.notices.map(({ type, first, second }) => ({ type, a: first, b: second })),
        },
});

/** The report as one JSON value: times and delays in ms, null where there is none. */
export const reportJson = (
  { policies, recordings, all, warnings }: Backtest,
  failedGates: readonly string[],
) => ({
  policies: policies.map(({ name, book }, index) => ({
    policy: letterOf(index),
    name,
    notifyFrom: book.default.notifyFrom,
  })),
  all: all.map((score, index) => ({ policy: letterOf(index), score })),
  failedGates,
  warnings,
  recordings: recordings.map(recordingJson),
});
