import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import { SENSOR_UNITS, SENSORS } from '../../domain/message/sample.ts';
import { ENGLISH_TERMS } from '../../notification/locales/english.ts';
import type { Backtest, RecordingReport, Result } from '../backtest.ts';
import { type Trace, thinOut } from '../recordings/recording.ts';
import { type Html, html } from './html.ts';
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
type SensorData = Readonly<{
  name: string;
  unit: string;
  t: readonly number[];
  v: readonly (number | null)[];
}>;

type LaneData = Readonly<{
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

const CONDITIONS: readonly (readonly [name: string, meaning: string])[] = [
  ['NORMAL', 'normal'],
  ['SUSPECT', 'suspect'],
  ['ACTIVE', 'active, with its severity'],
  ['CLEARING', 'clearing'],
];

/** The signs of the notices; the page's script draws the same. */
const NOTICE_SIGNS: readonly (readonly [sign: string, types: string])[] = [
  ['▲', 'raised'],
  ['△', 'reopened, shelf expired'],
  ['◆', 'flapping'],
  ['⇑', 'escalated'],
  ['●', 'reminder'],
  ['▼', 'recovered'],
  ['■', 'occurred, told late'],
  ['✕', 'offline'],
  ['○', 'online'],
];

/** What the colours, shapes and signs of the charts mean. */
export const legendHtml = ({ recordings, policies }: Backtest): Html => {
  const types = new Set(
    recordings.flatMap(({ results }) => results.flatMap(({ notices }) => Object.keys(notices))),
  );
  const isUsed = (meaning: string): boolean =>
    [...types].some((type) => meaning.includes(type.toLowerCase().replace('_', ' ')));
  return html`<section class="legend" aria-labelledby="timelines"><h2 id="timelines">Timelines</h2>
<ul class="keys">
<li><i class="key line"></i>probability</li>
<li><i class="key threshold"></i>threshold</li>
<li><i class="key label"></i>labelled abnormal</li>
<li><i class="key gap"></i>no data</li>
<li><i class="key sensor"></i>sensors, each from its lowest to its highest</li>
${CONDITIONS.map(([name, meaning]) => html`<li><i class="key ${name.toLowerCase()}"></i>${meaning}</li>`)}
${NOTICE_SIGNS.filter(([, meaning]) => isUsed(meaning)).map(
  ([sign, meaning]) => html`<li><i class="key sign">${sign}</i>${meaning}</li>`,
)}
</ul>
<p class="quiet">${policies.length > 1 ? 'The bands are those of policy A above those of policy B. ' : ''}Drag to zoom, drag
with Shift to move, double-click for all of it; on the keyboard ← → read, Shift + ← → move, + − zoom, 0 for all of it, N and P the next and previous notice. Times are UTC.</p></section>`;
};

const noticesHtml = ({ letter, notices }: LaneData, chart: string): Html[] =>
  notices.map(({ at, text }) => {
    const [headline = '', ...details] = text.split('\n');
    return html`<li class="notice-item"><button type="button" class="notice" data-chart="${chart}" data-at="${at}"><b class="letter">${letter}</b> ${headline}</button>
${details.map((line) => html`<div class="quiet">${line}</div>`)}</li>`;
  });

/** The place of one chart, with buttons to move in it and its notices as text. */
export const figureHtml = ({ id, cylinder, lanes }: ChartData): Html => {
  const count = lanes.reduce((sum, { notices }) => sum + notices.length, 0);
  return html`<figure>
<figcaption><h3>${cylinder}</h3><span class="buttons" role="group" aria-label="Move in the timeline of ${cylinder}">
<button type="button" data-chart="${id}" data-move="left" aria-label="Earlier">◀</button>
<button type="button" data-chart="${id}" data-move="right" aria-label="Later">▶</button>
<button type="button" data-chart="${id}" data-move="in" aria-label="Zoom in">+</button>
<button type="button" data-chart="${id}" data-move="out" aria-label="Zoom out">−</button>
<button type="button" data-chart="${id}" data-move="all">All</button></span></figcaption>
<div class="chart" id="${id}" tabindex="0" role="group" aria-roledescription="timeline" aria-label="Timeline of ${cylinder}: arrow keys read it"></div>
<div class="spoken" id="${id}-spoken" aria-live="polite"></div>
<details><summary>Notices (${count})</summary><ol>${lanes.flatMap((lane) => noticesHtml(lane, id))}</ol></details>
</figure>`;
};
