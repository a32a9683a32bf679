import { readFileSync } from 'node:fs';
import { type Paint, type TextColumn, titledTable } from '../../local/console/screen.ts';
import { durationText } from '../../notification/time-text.ts';
import { type Html, html, pageHtml, raw } from '../report/html.ts';
import { delayText } from '../report/incident-rows.ts';
import type { Setting } from './candidates.ts';
import { falsePerDay, type Interval } from './choose-policy.ts';
import type { Estimate, Tuning } from './tune.ts';

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const rate = (value: number): string => (Number.isFinite(value) ? value.toFixed(value < 10 ? 1 : 0) : '∞');
const rangeText = ({ low, high }: Interval, text: (value: number) => string): string =>
  `${text(low)} to ${text(high)}`;

/** A setting in the words of a policy file. */
export const settingText = ({ threshold, windowMs, raiseRatio, notifyAfterMs }: Setting): string =>
  `threshold ${threshold}, window ${durationText(windowMs)}, raised at ${raiseRatio}, ` +
  (notifyAfterMs === 0 ? 'people told at once' : `people told after ${durationText(notifyAfterMs)} active`);

const ESTIMATES: readonly TextColumn[] = [
  { title: 'policy' },
  { title: 'detected', right: true },
  { title: '95 %', right: true },
  { title: 'median delay', right: true },
  { title: 'worst', right: true },
  { title: 'false alarms', right: true },
  { title: 'a day', right: true },
  { title: '95 %', right: true },
  { title: 'sound time', right: true },
];

const estimateRow = (
  name: string,
  { card, detected, falsePerDay: interval }: Estimate,
): readonly string[] => [
  name,
  `${card.detected} of ${card.episodes}`,
  rangeText(detected, percent),
  delayText(card.medianDelayMs),
  delayText(card.worstDelayMs),
  String(card.falseAlarms),
  rate(falsePerDay(card)),
  rangeText(interval, rate),
  durationText(card.soundMs),
];

const estimateRows = ({ present, onAll, expected }: Tuning): readonly (readonly string[])[] => [
  estimateRow('present', present),
  estimateRow('tuned, on what it was tuned on', onAll),
  ...(expected === null ? [] : [estimateRow('tuned without what it is tried on', expected)]),
];

const CURVE: readonly TextColumn[] = [
  { title: 'detected', right: true },
  { title: 'false alarms', right: true },
  { title: 'a day', right: true },
  { title: 'median delay', right: true },
  { title: 'policy' },
];

const curveRows = ({ curve }: Tuning): readonly (readonly string[])[] =>
  curve.map(({ candidate, card }) => [
    `${card.detected} of ${card.episodes}`,
    String(card.falseAlarms),
    rate(falsePerDay(card)),
    delayText(card.medianDelayMs),
    settingText(candidate.setting),
  ]);

const FOLDS: readonly TextColumn[] = [
  { title: 'tried on' },
  { title: 'detected', right: true },
  { title: 'false alarms', right: true },
  { title: 'policy chosen without it' },
];

const foldRows = ({ folds, recordings }: Tuning): readonly (readonly string[])[] =>
  folds.map(({ heldOut, choice, judgements }) => {
    const detections = judgements.flatMap(({ detections: its }) => its);
    return [
      heldOut.map((place) => recordings[place]).join(', '),
      `${detections.filter(({ delayMs }) => delayMs !== null).length} of ${detections.length}`,
      String(judgements.reduce((sum, { falseAlarms }) => sum + falseAlarms.length, 0)),
      settingText(choice.tried.candidate.setting),
    ];
  });

const limitsText = ({ limits: { maxFalsePerDay, maxDelayMs } }: Tuning): string =>
  [
    ...(maxFalsePerDay === null ? [] : [`at most ${maxFalsePerDay} false alarms a day`]),
    ...(maxDelayMs === null ? [] : [`a median delay of at most ${durationText(maxDelayMs)}`]),
  ].join(' and ') || 'no limit';

const searchText = (tuning: Tuning): string =>
  `${tuning.candidates} policies tried on ${tuning.recordings.length} recordings; ${limitsText(tuning)}`;

/** The result for a terminal, line by line. */
export const tuningLines = (tuning: Tuning, paint: Paint): readonly string[] => [
  searchText(tuning),
  `${paint('bold', 'chosen')}: ${settingText(tuning.choice.tried.candidate.setting)}`,
  ...tuning.warnings.map((text) => paint('yellow', `warning: ${text}`)),
  '',
  ...titledTable(ESTIMATES, estimateRows(tuning)),
  '',
  paint('bold', 'trade-off'),
  ...titledTable(CURVE, curveRows(tuning)),
];

const round = (value: number): number | null => (Number.isFinite(value) ? Number(value.toFixed(4)) : null);

const estimateJson = ({ card, detected, falsePerDay: interval }: Estimate): object => ({
  episodes: card.episodes,
  detected: card.detected,
  detectedShare95: [round(detected.low), round(detected.high)],
  medianDelayMs: card.medianDelayMs,
  worstDelayMs: card.worstDelayMs,
  falseAlarms: card.falseAlarms,
  falsePerDay: round(falsePerDay(card)),
  falsePerDay95: [round(interval.low), round(interval.high)],
  soundMs: card.soundMs,
});

/** The result as one JSON document; an estimate's 95 % ranges are lists of two, null where there is no bound. */
export const tuningJson = (tuning: Tuning): object => ({
  recordings: tuning.recordings,
  candidates: tuning.candidates,
  limits: tuning.limits,
  isWithinLimits: tuning.choice.isWithin,
  chosen: tuning.choice.tried.candidate.setting,
  policy: tuning.choice.tried.candidate.fields,
  present: estimateJson(tuning.present),
  onAll: estimateJson(tuning.onAll),
  expected: tuning.expected === null ? null : estimateJson(tuning.expected),
  folds: tuning.folds.map(({ heldOut, choice, judgements }) => ({
    heldOut: heldOut.map((place) => tuning.recordings[place]),
    chosen: choice.tried.candidate.setting,
    falseAlarms: judgements.reduce((sum, { falseAlarms }) => sum + falseAlarms.length, 0),
    detected: judgements.flatMap(({ detections }) => detections).filter(({ delayMs }) => delayMs !== null)
      .length,
  })),
  tradeOff: tuning.curve.map(({ candidate, card }) => ({
    ...candidate.setting,
    detected: card.detected,
    episodes: card.episodes,
    falsePerDay: round(falsePerDay(card)),
    medianDelayMs: card.medianDelayMs,
  })),
  warnings: tuning.warnings,
});

const tableHtml = (columns: readonly TextColumn[], rows: readonly (readonly string[])[]): Html => {
  const side = (index: number): string => (columns[index]?.right === true ? 'number' : '');
  const head = columns.map(({ title }, index) => html`<th scope="col" class="${side(index)}">${title}</th>`);
  const body = rows.map(
    (row) => html`<tr>${row.map((cell, index) => html`<td class="${side(index)}">${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
};

const WIDTH = 640;
const HEIGHT = 260;
const MARGIN = 48;

/** Detected against false alarms a day, as a drawing of points joined by a line. */
const curveHtml = ({ curve, onAll }: Tuning): Html => {
  const most = Math.max(1, ...curve.map(({ card }) => falsePerDay(card)));
  const episodes = Math.max(1, onAll.card.episodes);
  const x = (perDay: number): number => MARGIN + (perDay / most) * (WIDTH - 2 * MARGIN);
  const y = (detected: number): number => HEIGHT - MARGIN - (detected / episodes) * (HEIGHT - 2 * MARGIN);
  const at = (card: Estimate['card']): string =>
    `${x(falsePerDay(card)).toFixed(1)},${y(card.detected).toFixed(1)}`;
  const points = curve.map(({ candidate, card }) => {
    const [cx = '', cy = ''] = at(card).split(',');
    return html`<circle cx="${cx}" cy="${cy}" r="4" fill="currentColor"><title>${settingText(candidate.setting)}</title></circle>`;
  });
  const [chosenX = '', chosenY = ''] = at(onAll.card).split(',');
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Detected episodes against false alarms a day" style="max-width:100%;font:12px system-ui">
<path d="M${MARGIN} ${MARGIN / 2} V${HEIGHT - MARGIN} H${WIDTH - MARGIN / 2}" fill="none" stroke="currentColor" opacity=".5"/>
<polyline points="${curve.map(({ card }) => at(card)).join(' ')}" fill="none" stroke="currentColor" stroke-width="1.5"/>
${points}
<circle cx="${chosenX}" cy="${chosenY}" r="8" fill="none" stroke="currentColor" stroke-width="2"/>
<text x="${MARGIN - 8}" y="${y(episodes) + 4}" text-anchor="end" fill="currentColor">${episodes}</text>
<text x="${MARGIN - 8}" y="${y(0) + 4}" text-anchor="end" fill="currentColor">0</text>
<text x="${x(0)}" y="${HEIGHT - MARGIN + 18}" text-anchor="middle" fill="currentColor">0</text>
<text x="${x(most)}" y="${HEIGHT - MARGIN + 18}" text-anchor="middle" fill="currentColor">${rate(most)}</text>
<text x="${WIDTH / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="currentColor">false alarms a day</text>
<text x="${MARGIN}" y="14" fill="currentColor">episodes detected; the ring is the chosen policy</text>
</svg>`;
};

const style = (): string => readFileSync(new URL('../report/page/report.css', import.meta.url), 'utf8');

/** The result as one HTML file that needs nothing else and runs no script. */
export const tuningHtml = (tuning: Tuning): string =>
  pageHtml({
    title: 'Tuning of the alarm',
    style: style(),
    body: html`<main>
<h1>Tuning of the alarm</h1>
<p>${searchText(tuning)}.</p>
<p>Chosen: <strong>${settingText(tuning.choice.tried.candidate.setting)}</strong></p>
${tuning.warnings.length === 0 ? raw('') : html`<ul class="warnings">${tuning.warnings.map((text) => html`<li>${text}</li>`)}</ul>`}
<section><h2>What it does</h2>
${tableHtml(ESTIMATES, estimateRows(tuning))}
<p class="quiet">Expect the last line: there each recording was tried under a policy that was chosen without it.
The ranges hold the true value with 95 % confidence (Wilson, Poisson).</p></section>
<section><h2>Trade-off</h2>
${curveHtml(tuning)}
${tableHtml(CURVE, curveRows(tuning))}</section>
${tuning.folds.length === 0 ? raw('') : html`<section><h2>Recording by recording</h2>${tableHtml(FOLDS, foldRows(tuning))}</section>`}
</main>`,
  });
