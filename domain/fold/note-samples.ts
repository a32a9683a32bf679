import type { Policy } from '../alarm/policy/policy.ts';
import type { DriftNotice } from '../alarm/state/output.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';
import { type Rollup, rollUp } from '../cylinder/rollup.ts';
import { isIdle, type Statistics, updateStatistics } from '../cylinder/statistics.ts';
import { type DriftEvent, followDrift } from '../drift/drift.ts';
import { forecastOf } from '../forecast/forecast.ts';
import { isAhead } from '../message/rejection.ts';
import type { Sample } from '../message/sample.ts';
import { CANARY } from '../message/topic.ts';
import type { DriftReference } from '../model/histogram.ts';

/** What samples made of the statistics of a cylinder, the roll-ups that are over, and what operators are to be told of drift. */
export type Noted = Readonly<{
  statistics: Statistics | null;
  rollups: readonly Rollup[];
  drifts: readonly DriftEvent[];
}>;

/** Takes note of the samples of one message, beside the alarm. */
export const noteSamples = (
  before: CylinderRecord | null,
  { samples, receivedAt }: Readonly<{ samples: readonly Sample[]; receivedAt: number }>,
  policy: Policy,
  reference: DriftReference | undefined,
): Noted => {
  const isHealthy = (before?.alarm.condition ?? 'NORMAL') === 'NORMAL';
  let statistics = before?.statistics ?? null;
  const newest: Sample[] = [];
  const drifts: DriftEvent[] = [];
  for (const sample of samples) {
    if (isAhead(sample.t, receivedAt, policy.futureToleranceMs)) continue;
    const last = statistics?.last ?? null;
    statistics = updateStatistics(statistics, sample, policy, isHealthy);
    if (last !== null && sample.t <= last.t) continue;
    newest.push(sample);
    // No model was trained on the values of the canary.
    if (reference === undefined || sample.cylinder === CANARY) continue;
    const noted = { sample, before: last?.values ?? null, isIdle: isIdle(sample, policy) };
    const { samplePeriodMs } = policy;
    const step = followDrift(statistics.drift ?? null, { ...noted, samplePeriodMs }, reference);
    statistics = { ...statistics, drift: step.drift };
    if (step.event !== null) drifts.push(step.event);
  }
  if (statistics === null || newest.length === 0) return { statistics, rollups: [], drifts };
  const { current, over } = rollUp(statistics.rollup, newest, policy.threshold);
  return { statistics: { ...statistics, rollup: current }, rollups: over, drifts };
};

/** Foretold anew once a minute, as the shares by which it is are counted, and when the alarm has changed. */
export const withForecast = (
  { forecast: known, ...counted }: Statistics,
  newestBefore: number,
  [before, alarm]: readonly [CylinderState | null, CylinderState],
  policy: Policy,
): Statistics => {
  const isSame = counted.hour.newest === newestBefore && before?.condition === alarm.condition;
  const forecast = isSame ? known : (forecastOf(alarm, counted, policy) ?? undefined);
  return forecast === undefined ? counted : { ...counted, forecast };
};

/** What operators are told of drift. */
export const driftNotice = (
  cylinder: string,
  gateway: string,
  { type, since, found }: DriftEvent,
  at: number,
): DriftNotice => {
  const number = type === 'DRIFTED' ? 1 : 2;
  return { kind: 'notice', cylinder, gateway, id: `${cylinder}@${since}~${number}`, type, found, at };
};
