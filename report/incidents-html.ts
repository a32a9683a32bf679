import { type Html, html, raw } from '../backtest/report/html.ts';
import { SENSORS, type Sensor } from '../domain/message/sample.ts';
import { bothWays, sparkline } from './charts.ts';
import { quietHtml, sectionHtml } from './parts.ts';
import type { ReportData, ShownIncident } from './report-data.ts';
import type { ReportTexts } from './report-texts.ts';
import { countIn, numberIn, type Row, textIn, timeIn } from './row-values.ts';

const COLUMNS: Readonly<Record<Sensor, string>> = {
  rVibration_Temp: 'temperature',
  rVibration_Z_RMS_Velocity: 'vibration_z',
  rVibration_X_RMS_Velocity: 'vibration_x',
  wRMSCurrent: 'current_drawn',
  wCurrentLoad: 'load',
  wEncoderVelocity: 'encoder',
};

const whyHtml = (why: Row | null, { words, notice, number }: ReportTexts): Html => {
  const shares = SENSORS.map((sensor) => ({
    name: notice.sensors[sensor],
    value: why === null ? null : numberIn(why, COLUMNS[sensor]),
  }));
  if (shares.every(({ value }) => value === null)) return quietHtml(words.incident.noWhy);
  const most = Math.max(1e-9, ...shares.map(({ value }) => Math.abs(value ?? 0)));
  return html`<div class="why"><h4>${words.incident.why}</h4><dl>${shares.map(
    ({ name, value }) =>
      html`<dt>${name}</dt><dd>${bothWays((value ?? 0) / most)}<span class="number">${number(value, 2)}</span></dd>`,
  )}</dl></div>`;
};

/** Severities of the default policy; another is drawn as the worst, so that nobody takes it lightly. */
const kindOf = (severity: string): string =>
  severity === 'advisory' || severity === 'warning' ? severity : 'alarm';

const outcomeHtml = (row: Row, { words }: ReportTexts): Html => {
  const outcome = textIn(row, 'outcome');
  const mode = textIn(row, 'mode');
  const comment = textIn(row, 'comment');
  const name = outcome === null ? words.incident.open : (words.outcomes[outcome] ?? outcome);
  return html`<p class="outcome"><strong>${name}</strong>${mode === null ? '' : `: ${mode}`}${
    comment === null ? raw('') : html` <q>${comment}</q>`
  }</p>`;
};

const afterHtml = (
  name: string,
  seconds: number | null,
  by: string | null,
  { words, lasting }: ReportTexts,
): Html =>
  html`<dt>${name}</dt><dd>${seconds === null ? words.incident.not : words.incident.after(lasting(seconds * 1000))}${
    by === null ? '' : ` · ${by}`
  }</dd>`;

const adviceOf = (row: Row, { notice }: ReportTexts): string | null => {
  const advice = textIn(row, 'advice');
  if (advice === null) return null;
  const known: ReadonlyMap<string, string> = new Map(Object.entries(notice.advices));
  return known.get(advice) ?? advice;
};

const incidentHtml = (incident: ShownIncident, texts: ReportTexts): Html => {
  const { words, time, lasting, severity } = texts;
  const { row, why, course } = incident;
  const { incident: say } = words;
  const minutes = numberIn(row, 'minutes');
  const cylinder = textIn(row, 'cylinder') ?? '';
  const name = textIn(row, 'severity') ?? '';
  const reopenings = countIn(row, 'reopenings');
  const advice = adviceOf(row, texts);
  return html`<article class="incident is-${kindOf(name)}"><header><h3>${cylinder}</h3><span class="mark">${severity(name)}</span>
<span class="quiet">${time(timeIn(row, 'began_at'))} · ${minutes === null ? say.goesOn : lasting(minutes * 60_000)}${
    reopenings === 0 ? '' : ` · ${say.reopened(reopenings)}`
  }</span></header>
<div class="parts"><figure><figcaption>${say.course}</figcaption>${
    course.length === 0 ? quietHtml(say.noCourse) : sparkline(incident, `${say.course}: ${cylinder}`)
  }</figure>${whyHtml(why, texts)}
<div class="facts">${outcomeHtml(row, texts)}${advice === null ? raw('') : html`<p class="advice">${advice}</p>`}<dl>${[
    afterHtml(say.told, numberIn(row, 'to_told_s'), null, texts),
    afterHtml(say.acknowledged, numberIn(row, 'to_acknowledged_s'), textIn(row, 'acknowledged_by'), texts),
    afterHtml(say.closed, numberIn(row, 'to_closed_s'), textIn(row, 'closed_by'), texts),
  ]}</dl></div></div></article>`;
};

/** The incidents, each with the course of its score, what spoke for it, what became of it. */
export const incidentsHtml = ({ rows, shown }: ReportData, texts: ReportTexts): Html => {
  const { words } = texts;
  const left = rows.incidents.length - shown.length;
  const content = [
    ...shown.map((incident) => incidentHtml(incident, texts)),
    ...(left > 0 ? [quietHtml(words.more(left, 'incidents'))] : []),
  ];
  return sectionHtml(
    texts,
    'incidents',
    ['incidents', 'course', 'contributions'],
    shown.length === 0 ? [quietHtml(words.none)] : content,
    shown.length === 0 ? null : words.notes.incidents,
  );
};
