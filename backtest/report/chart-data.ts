import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import { SENSOR_UNITS, SENSORS } from '../../domain/message/sample.ts';
import { ENGLISH_TERMS } from '../../notification/locales/english.ts';
import type { Backtest, RecordingReport, Result } from '../backtest.ts';
import { type Trace, thinOut } from '../recordings/trace.ts';
import { letterOf } from './incident-rows.ts';

/** One cylinder of one recording for the page's script. Times are ms after `t0`; bands are [from, to, condition, severity]. */
export type ChartData = Readonly<{
  id: string;
  recording: string;
  cylinder: string;
  t0: number;
  t: readonly number[];
  p: readonly (number | null)[];
  labels: readonly (readonly [from: number, to: number])[];
  lanes: readonly LaneData[];
  sensors: readonly SensorData[];
}>;

/** What a sensor said; null where there is a gap. */
export type SensorData = Readonly<{
  name: string;
  unit: string;
  t: readonly number[];
  v: readonly (number | null)[];
}>;

export type LaneData = Readonly<{
  letter: string;
  threshold: number;
  bands: readonly (readonly [from: number, to: number, condition: string, severity: string])[];
  notices: readonly Readonly<{ at: number; type: string; text: string }>[];
}>;

/** All charts together stay within a few MB, and each of them finer than a screen. */
const ALL_BUCKETS = 120_000;
const MIN_BUCKETS = 1_500;
/** A lane of a sensor is narrow: this is as fine as a screen, for ten charts or so. */
const SENSOR_BUCKETS = 1_000;
const MIN_SENSOR_BUCKETS = 200;

const concerns = (output: NoticeOutput, cylinder: string): boolean =>
  'cylinder' in output ? output.cylinder === cylinder : true;

const rounded = (probability: number | null): number | null =>
  probability === null ? null : Math.round(probability * 10_000) / 10_000;

const sensorsOf = (
  traces: readonly Trace[],
  t0: number,
  maxBuckets: number,
  spacingMs: number,
): SensorData[] =>
  SENSORS.map((sensor, index) => {
    const { t, p } = thinOut(traces[index] ?? { t: [], p: [] }, maxBuckets, spacingMs);
    return {
      name: ENGLISH_TERMS.sensors[sensor],
      unit: SENSOR_UNITS[sensor].unit,
      t: t.map((ms) => ms - t0),
      v: p.map((value) => (value === null ? null : Number(value.toPrecision(5)))),
    };
  });

const laneOf = ({ outcome }: Result, index: number, cylinder: string, t0: number): LaneData => {
  const its = outcome.cylinders.get(cylinder);
  return {
    letter: letterOf(index),
    threshold: its?.policy.threshold ?? 0,
    bands: (its?.bands ?? []).map(({ fromMs, toMs, condition, severity }) => [
      fromMs - t0,
      toMs - t0,
      condition,
      severity ?? '',
    ]),
    notices: outcome.notices
      .filter(({ output }) => concerns(output, cylinder))
      .map(({ output, lines }) => ({ at: output.at - t0, type: output.type, text: lines.join('\n') })),
  };
};

const chartsOf = ({ name, facts, results }: RecordingReport, at: number, maxBuckets: number): ChartData[] =>
  [...facts.traces].map(([cylinder, trace], index) => {
    const t0 = facts.firstMs;
    const samplePeriodMs = results[0]?.outcome.cylinders.get(cylinder)?.policy.samplePeriodMs ?? 1000;
    const spacingMs = facts.spacings.get(cylinder) ?? samplePeriodMs;
    const { t, p } = thinOut(trace, maxBuckets, spacingMs);
    const sensorBuckets = Math.max(MIN_SENSOR_BUCKETS, Math.min(SENSOR_BUCKETS, maxBuckets / 8));
    const labels = results[0]?.outcome.cylinders.get(cylinder)?.labels.episodes ?? [];
    return {
      id: `chart-${at}-${index}`,
      recording: name,
      cylinder,
      t0,
      t: t.map((ms) => ms - t0),
      p: p.map(rounded),
      labels: labels.map(({ beginMs, endMs }) => [beginMs - t0, endMs - t0]),
      lanes: results.map((result, lane) => laneOf(result, lane, cylinder, t0)),
      sensors: sensorsOf(facts.sensors.get(cylinder) ?? [], t0, sensorBuckets, spacingMs),
    };
  });

/** The charts of a backtest, recording by recording. */
export const chartData = (backtest: Backtest): readonly (readonly ChartData[])[] => {
  const charts = backtest.recordings.reduce((sum, { facts }) => sum + facts.traces.size, 0);
  const maxBuckets = Math.max(MIN_BUCKETS, Math.floor(ALL_BUCKETS / Math.max(1, charts)));
  return backtest.recordings.map((recording, index) => chartsOf(recording, index, maxBuckets));
};
