import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TextColumn } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Backtest, RecordingReport } from '../backtest.ts';
import { differenceTexts } from './difference-text.ts';
import { type ChartData, chartData, figureHtml, legendHtml } from './figure-html.ts';
import { type Html, html, jsonForScript, pageHtml, raw } from './html.ts';
import {
  INCIDENT_COLUMNS,
  incidentRows,
  letterOf,
  notifiesText,
  SCORE_COLUMNS,
  type ScoreRow,
  scoreRows,
  type Verdict,
} from './incident-rows.ts';

const CLASSES: Readonly<Record<Verdict, string>> = {
  'true alarm': 'true',
  'false alarm': 'false',
  'not told': 'quiet',
  alarm: '',
};

/** A longer list of incidents is folded away at first. */
const MAX_INCIDENTS_SHOWN = 20;

const headHtml = (columns: readonly TextColumn[]): Html =>
  html`<thead><tr>${columns.map(
    ({ title, right }) => html`<th scope="col" class="${right === true ? 'number' : ''}">${title}</th>`,
  )}</tr></thead>`;

const cellsHtml = (cells: readonly string[], columns: readonly TextColumn[]): Html[] =>
  cells.map(
    (cell, index) => html`<td class="${columns[index]?.right === true ? 'number' : ''}">${cell}</td>`,
  );

/** The policies by their letters, with when each of them notifies people. */
const policiesHtml = ({ policies, warnings }: Backtest): Html => {
  const items = policies.map(({ name, book }, index) => {
    const { notifyFrom, windowMs, threshold, raiseRatio, clearRatio } = book.default;
    return html`<li><b class="letter">${letterOf(index)}</b> <span><strong>${name}</strong><br>
people are told from <em>${notifyFrom}</em> on, ${notifiesText(book.default)}; window ${durationText(windowMs)}, threshold ${threshold}, raised at ${raiseRatio}, quiet below ${clearRatio}</span></li>`;
  });
  const warned = warnings.map((text) => html`<li>${text}</li>`);
  return html`<ul class="policies">${items}</ul>${warned.length === 0 ? raw('') : html`<ul class="warnings">${warned}</ul>`}`;
};

const scoreRowHtml = (row: ScoreRow): Html => html`<tr class="${row.isTotal ? 'total' : ''}">
<th scope="row">${row.recording}</th><td><b class="letter">${row.policy}</b></td>${cellsHtml(row.cells, SCORE_COLUMNS)}</tr>`;

/** The summary table: all recordings together on top. */
const scoresHtml = (backtest: Backtest): Html => {
  const rows = scoreRows(backtest).toSorted((a, b) => Number(b.isTotal) - Number(a.isTotal));
  const columns = [{ title: 'recording' }, { title: 'policy' }, ...SCORE_COLUMNS];
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
<div class="scroll" role="region" aria-labelledby="summary" tabindex="0"><table>${headHtml(columns)}<tbody>${rows.map(scoreRowHtml)}</tbody></table></div>
<p class="quiet">An alarm is an incident that reached the severity that people are told of, from the moment it did.
It is false where the labels say that all was sound; per hour is per hour of sound time.</p></section>`;
};

/** All incidents with what the labels say of them, folded away where there are many. */
const incidentsHtml = (backtest: Backtest): Html => {
  const rows = incidentRows(backtest);
  if (rows.length === 0) return raw('<p>No incidents.</p>');
  const body = rows.map(({ cells, verdict }) => {
    const before = cellsHtml(cells.slice(0, -1), INCIDENT_COLUMNS);
    return html`<tr>${before}<td class="${CLASSES[verdict]}">${verdict}</td></tr>`;
  });
  return html`<details class="incidents"${raw(rows.length > MAX_INCIDENTS_SHOWN ? '' : ' open')}><summary>Incidents (${rows.length})</summary>
<div class="scroll" role="region" aria-label="Incidents" tabindex="0"><table>${headHtml(INCIDENT_COLUMNS)}<tbody>${body}</tbody></table></div></details>`;
};

/** The page's own scripts, in the order in which they need each other. */
const SCRIPTS = ['sensors.js', 'lanes.js', 'chart.js', 'main.js'];

const read = (url: URL | string): string => readFileSync(new URL(url), 'utf8');
const own = (name: string): string => read(new URL(`page/${name}`, import.meta.url));
const plotFile = (name: string): string => read(import.meta.resolve(`uplot/${name}`));

/** Modules for the editor and the linter, one script for the page: it must open from a disk, where modules cannot load. */
const joined = (modules: readonly string[]): string =>
  modules.map((text) => text.replace(/^import .*;\n/gm, '').replace(/^export /gm, '')).join('\n');

/** All that the report needs besides its data: the chart library with its licence, and the page's own style and script. */
const pageAssets = (): Readonly<{ style: string; plotScript: string; pageScript: string }> => ({
  style: `${plotFile('dist/uPlot.min.css')}\n${own('report.css')}\n${own('chart.css')}`,
  plotScript: `/*\n${plotFile('LICENSE')}*/\n${plotFile('dist/uPlot.iife.min.js')}`,
  pageScript: `(() => {\n${joined(SCRIPTS.map(own))}\n})();`,
});

/** What a content security policy names a script by. https://www.w3.org/TR/CSP3/#grammardef-hash-source */
const scriptHash = (script: string): string =>
  `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** A longer list is folded away at first. */
const MAX_SHOWN = 8;

const differenceHtml = ({ facts, difference }: RecordingReport): Html => {
  if (difference === null) return raw('');
  const texts = differenceTexts(difference, facts.lastMs);
  if (texts.length === 0) return html`<p class="quiet">A and B do not differ here.</p>`;
  const list = html`<ul class="differences">${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
  if (texts.length <= MAX_SHOWN) return list;
  return html`<details><summary>How B differs from A (${texts.length})</summary>${list}</details>`;
};

const recordingHtml = (recording: RecordingReport, index: number, charts: readonly ChartData[]): Html => {
  const { samples, firstMs, lastMs, isLabelled } = recording.facts;
  const labels = isLabelled ? '' : ', no labels';
  return html`<section class="recording" aria-labelledby="recording-${index}">
<h2 id="recording-${index}">${recording.name}</h2>
<p class="quiet">${samples} samples over ${durationText(lastMs - firstMs)}, ${utcText(firstMs)} to ${utcText(lastMs)}${labels}</p>
${differenceHtml(recording)}
${charts.map(figureHtml)}
</section>`;
};

/**
 * The report as one HTML file that needs nothing else: no network, no other file. Its policy lets run no script but the
 * two that are named by their hash.
 */
export const reportHtml = (backtest: Backtest): string => {
  const { style, plotScript, pageScript } = pageAssets();
  const [first] = backtest.recordings;
  const title = backtest.recordings.length === 1 ? first?.name : `${backtest.recordings.length} recordings`;
  const charts = chartData(backtest);
  return pageHtml({
    title: `Backtest of ${title ?? ''}`,
    style,
    scripts: [scriptHash(plotScript), scriptHash(pageScript)],
    body: html`<main>
<h1>Backtest</h1>
${policiesHtml(backtest)}
${scoresHtml(backtest)}
${incidentsHtml(backtest)}
${legendHtml(backtest)}
${backtest.recordings.map((recording, index) => recordingHtml(recording, index, charts[index] ?? []))}
</main>
<script type="application/json" id="report-data">${jsonForScript(charts.flat())}</script>
<script>${raw(plotScript)}</script>
<script>${raw(pageScript)}</script>`,
  });
};
