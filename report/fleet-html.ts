import { type Html, html } from '../backtest/report/html.ts';
import { bar } from './charts.ts';
import { quietHtml, sectionHtml, tableHtml } from './parts.ts';
import type { ReportData } from './report-data.ts';
import type { ReportTexts } from './report-texts.ts';
import { countIn, numberIn, type Row, sumOf, textIn } from './row-values.ts';

type Tile = Readonly<{ name: string; value: string; note: string; query: string }>;

const DAY_MS = 86_400_000;

/** The mean of a column, each row counting for another column of it; null where no row has a value. */
const weighted = (rows: readonly Row[], column: string, weight: (row: Row) => number): number | null => {
  const known = rows.flatMap((row) => {
    const value = numberIn(row, column);
    return value === null ? [] : [{ value, weight: weight(row) }];
  });
  const total = known.reduce((sum, one) => sum + one.weight, 0);
  return total === 0 ? null : known.reduce((sum, one) => sum + one.value * one.weight, 0) / total;
};

/** Coverage of all cylinders together: each for all the time from its first day on, as each row says it of its own day. */
const coverageOf = (rows: readonly Row[]): number | null => {
  const expected = rows.reduce((sum, row) => {
    const share = countIn(row, 'coverage');
    return share === 0 ? sum : sum + countIn(row, 'seconds') / share;
  }, 0);
  return expected === 0 ? null : sumOf(rows, 'seconds') / expected;
};

const tilesOf = ({ rows, asked }: ReportData, texts: ReportTexts): readonly Tile[] => {
  const { words, number, percent, lasting } = texts;
  const { tiles, tileNotes } = words;
  const running = sumOf(rows.reliability, 'running_hours');
  const failures = sumOf(rows.reliability, 'failures');
  const seen = new Set(rows.coverage.map((row) => textIn(row, 'cylinder'))).size;
  const judged = sumOf(rows['alert-precision'], 'judged');
  const faults = sumOf(rows['alert-precision'], 'faults');
  const notices = sumOf(rows['alarm-load'], 'notices');
  const days = Math.max(1, (asked.to - asked.from) / DAY_MS);
  const failed = rows.incidents.filter((row) => [null, 'fault'].includes(textIn(row, 'outcome')));
  const meanMs = (own: readonly Row[], column: string, unitMs: number): number | null => {
    const mean = weighted(own, column, () => 1);
    return mean === null ? null : mean * unitMs;
  };
  return [
    {
      name: tiles.cylinders,
      value: number(seen),
      note: '',
      query: 'coverage',
    },
    {
      name: tiles.availability,
      value: percent(
        weighted(rows.reliability, 'availability', (row) => countIn(row, 'running_hours')),
        2,
      ),
      note: tileNotes.runningHours(number(running)),
      query: 'reliability',
    },
    {
      name: tiles.incidents,
      value: number(rows.incidents.length),
      note: tileNotes.openIncidents(sumOf(rows['worst-actors'], 'open')),
      query: 'incidents',
    },
    {
      name: tiles.precision,
      value: percent(judged === 0 ? null : faults / judged, 0),
      note: tileNotes.judged(judged),
      query: 'alert-precision',
    },
    {
      name: tiles.mtbf,
      value: failures === 0 ? number(null) : words.hours(number(running / failures)),
      note: tileNotes.failures(failures),
      query: 'reliability',
    },
    {
      name: tiles.mttr,
      value: lasting(meanMs(failed, 'minutes', 60_000)),
      note: tileNotes.failures(failures),
      query: 'incidents',
    },
    {
      name: tiles.mtta,
      value: lasting(meanMs(rows.incidents, 'to_acknowledged_s', 1000)),
      note: '',
      query: 'incidents',
    },
    {
      name: tiles.coverage,
      value: percent(coverageOf(rows.coverage), 2),
      note: tileNotes.late(number(sumOf(rows.coverage, 'late'))),
      query: 'coverage',
    },
    {
      name: tiles.notices,
      value: number(notices),
      note: tileNotes.perDay(number(notices / days, 1)),
      query: 'alarm-load',
    },
    { name: tiles.samples, value: number(sumOf(rows.coverage, 'samples')), note: '', query: 'coverage' },
  ];
};

/** The fleet in ten figures, each with the saved query that it comes from. */
export const summaryHtml = (data: ReportData, texts: ReportTexts): Html => {
  const tiles = tilesOf(data, texts).map(
    ({ name, value, note, query }) => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd>
<dd class="quiet">${note}</dd><dd class="tag"><code>${query}</code></dd></div>`,
  );
  return html`<section aria-labelledby="summary"><header><h2 id="summary">${texts.words.sections.summary}</h2></header>
<dl class="tiles">${tiles}</dl></section>`;
};

/** More rows are in the saved query. */
const MAX_WORST = 20;

/** The cylinders that gave the most trouble. */
export const worstHtml = ({ rows }: ReportData, texts: ReportTexts): Html => {
  const { words, number, percent } = texts;
  const { columns } = words;
  const worst = rows['worst-actors'];
  const most = Math.max(0, ...worst.map((row) => countIn(row, 'trouble_hours')));
  const reliability = new Map(rows.reliability.map((row) => [textIn(row, 'cylinder'), row]));
  const cells = worst.slice(0, MAX_WORST).map((row) => {
    const its = reliability.get(textIn(row, 'cylinder')) ?? {};
    const trouble = countIn(row, 'trouble_hours');
    return [
      textIn(row, 'cylinder') ?? '',
      html`<span class="barred">${bar(most === 0 ? 0 : trouble / most, 'alarm')}<span>${number(trouble, 1)}</span></span>`,
      number(numberIn(row, 'longest_hours'), 1),
      number(numberIn(row, 'incidents')),
      number(numberIn(row, 'faults')),
      number(numberIn(row, 'no_fault')),
      number(numberIn(row, 'open')),
      percent(numberIn(row, 'abnormal_share'), 2),
      number(numberIn(its, 'mtbf_hours'), 1),
      number(numberIn(its, 'mttr_minutes'), 1),
      percent(numberIn(its, 'availability'), 2),
    ];
  });
  const titles = [
    { title: columns.cylinder },
    ...(
      [
        'trouble',
        'longest',
        'incidents',
        'faults',
        'noFault',
        'open',
        'abnormal',
        'mtbf',
        'mttr',
        'availability',
      ] as const
    ).map((name) => ({ title: columns[name], right: true })),
  ];
  const content =
    worst.length === 0
      ? [quietHtml(words.none)]
      : [
          tableHtml(titles, cells, words.sections.worst),
          ...(worst.length > MAX_WORST
            ? [quietHtml(words.more(worst.length - MAX_WORST, 'worst-actors'))]
            : []),
        ];
  return sectionHtml(texts, 'worst', ['worst-actors', 'reliability'], content, words.notes.worst);
};
