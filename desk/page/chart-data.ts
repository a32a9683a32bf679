import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { HistoryAnswer, SamplesAnswer } from './answers.ts';
import type { Band, ChartData, Span } from './draw-chart.ts';

/** What is drawn, in this order. */
export const KEYS = ['probability', ...SENSORS] as const;
export type Key = (typeof KEYS)[number];

type Points = (number | null)[];

/** Points further apart than this many steps have nothing known between them. */
const GAP_STEPS = 2.5;

export const rollupData = ({ rollups, step }: HistoryAnswer, key: Key): ChartData => {
  const [times, means, lows, highs]: [number[], Points, Points, Points] = [[], [], [], []];
  const add = (
    t: number,
    range: Readonly<{ min: number; mean: number; max: number }> | null | undefined,
  ): void => {
    times.push(t / 1000);
    means.push(range?.mean ?? null);
    lows.push(range?.min ?? null);
    highs.push(range?.max ?? null);
  };
  let before: number | null = null;
  for (const rollup of rollups) {
    if (before !== null && rollup.t - before > GAP_STEPS * step) add(before + step, null);
    before = rollup.t;
    add(rollup.t + step / 2, key === 'probability' ? rollup.probability : rollup.sensors[key]);
  }
  return { times, means, lows, highs };
};

/** A second without a sample is not drawn; half a minute without one is a gap. */
const SAMPLE_GAP_MS = 30_000;

/** Samples as a line of means within their extremes, each of `binMs`: one at a second would fill an hour with ink. */
export const sampleData = (samples: SamplesAnswer['samples'], key: Key, binMs: number): ChartData => {
  const [times, means, lows, highs]: [number[], Points, Points, Points] = [[], [], [], []];
  let [start, before, count, sum, low, high] = [Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0];
  const finish = (): void => {
    if (count === 0) return;
    times.push((start + binMs / 2) / 1000);
    means.push(sum / count);
    lows.push(low);
    highs.push(high);
    count = 0;
  };
  for (const { t, [key]: value } of samples) {
    const bin = Math.floor(t / binMs) * binMs;
    if (bin !== start) {
      finish();
      if (t - before > SAMPLE_GAP_MS && before > 0) {
        times.push((before + 1000) / 1000);
        for (const points of [means, lows, highs]) points.push(null);
      }
      start = bin;
    }
    before = t;
    if (value == null) continue;
    [sum, low, high] =
      count === 0 ? [value, value, value] : [sum + value, Math.min(low, value), Math.max(high, value)];
    count += 1;
  }
  finish();
  return { times, means, lows, highs };
};

export const extremesOf = ({ lows, means, highs }: ChartData): readonly [number, number] | null => {
  const known = [...(lows ?? means), ...(highs ?? [])].filter((value) => value !== null);
  return known.length === 0
    ? null
    : [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
};

export const bandsOf = (
  incidents: readonly IncidentRecord[],
  maintenance: readonly Span[],
  now: number,
): readonly Band[] => [
  ...incidents.map(
    ({ beganAt, clearedAt }): Band => ({ kind: 'incident', from: beganAt, to: clearedAt ?? now }),
  ),
  ...maintenance.map(({ from, to }): Band => ({ kind: 'maintenance', from, to: Math.min(to, now) })),
];
