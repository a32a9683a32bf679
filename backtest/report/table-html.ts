import type { TextColumn } from '../../local/console/screen.ts';
import { durationText } from '../../notification/time-text.ts';
import type { Backtest } from '../backtest.ts';
import { type Html, html, raw } from './html.ts';
import { INCIDENT_COLUMNS, incidentRows, letterOf, notifiesText, type Verdict } from './incident-rows.ts';
import { SCORE_COLUMNS, type ScoreRow, scoreRows } from './score-rows.ts';

const CLASSES: Readonly<Record<Verdict, string>> = {
  'true alarm': 'true',
  'false alarm': 'false',
  'not told': 'quiet',
  alarm: '',
};

/** A longer list of incidents is folded away at first. */
const MAX_SHOWN = 20;

const headHtml = (columns: readonly TextColumn[]): Html =>
  html`<thead><tr>${columns.map(
    ({ title, right }) => html`<th scope="col" class="${right === true ? 'number' : ''}">${title}</th>`,
  )}</tr></thead>`;

const cellsHtml = (cells: readonly string[], columns: readonly TextColumn[]): Html[] =>
  cells.map(
    (cell, index) => html`<td class="${columns[index]?.right === true ? 'number' : ''}">${cell}</td>`,
  );

/** The policies by their letters, with when each of them notifies people. */
export const policiesHtml = ({ policies, warnings }: Backtest): Html => {
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
export const scoresHtml = (backtest: Backtest): Html => {
  const rows = scoreRows(backtest).toSorted((a, b) => Number(b.isTotal) - Number(a.isTotal));
  const columns = [{ title: 'recording' }, { title: 'policy' }, ...SCORE_COLUMNS];
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
<div class="scroll" role="region" aria-labelledby="summary" tabindex="0"><table>${headHtml(columns)}<tbody>${rows.map(scoreRowHtml)}</tbody></table></div>
<p class="quiet">An alarm is an incident that reached the severity that people are told of, from the moment it did.
It is false where the labels say that all was sound; per hour is per hour of sound time.</p></section>`;
};

/** All incidents with what the labels say of them, folded away where there are many. */
export const incidentsHtml = (backtest: Backtest): Html => {
  const rows = incidentRows(backtest);
  if (rows.length === 0) return raw('<p>No incidents.</p>');
  const body = rows.map(({ cells, verdict }) => {
    const before = cellsHtml(cells.slice(0, -1), INCIDENT_COLUMNS);
    return html`<tr>${before}<td class="${CLASSES[verdict]}">${verdict}</td></tr>`;
  });
  return html`<details class="incidents"${raw(rows.length > MAX_SHOWN ? '' : ' open')}><summary>Incidents (${rows.length})</summary>
<div class="scroll" role="region" aria-label="Incidents" tabindex="0"><table>${headHtml(INCIDENT_COLUMNS)}<tbody>${body}</tbody></table></div></details>`;
};
