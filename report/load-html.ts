import type { Html } from '../backtest/report/html.ts';
import { html } from '../backtest/report/html.ts';
import { columns as columnsChart } from './charts.ts';
import { quietHtml, sectionHtml, tableHtml } from './parts.ts';
import type { ReportData } from './report-data.ts';
import type { ReportTexts } from './report-texts.ts';
import { countIn, numberIn, type Row, timeIn } from './row-values.ts';

const DAY_MS = 86_400_000;
/** So many days are listed, those with the most notices in ten minutes first. */
const MAX_DAYS = 7;

const byDay = (rows: readonly Row[]): ReadonlyMap<number, Row> =>
  new Map(
    rows.flatMap((row) => {
      const ms = timeIn(row, 'day');
      return ms === null ? [] : [[Math.floor(ms / DAY_MS), row] as const];
    }),
  );

/** What the alarm asks of people, day by day. */
export const loadHtml = ({ rows, asked }: ReportData, texts: ReportTexts): Html => {
  const { words, day, number } = texts;
  const { columns } = words;
  const load = rows['alarm-load'];
  if (load.length === 0) return sectionHtml(texts, 'load', ['alarm-load'], [quietHtml(words.none)]);
  const known = byDay(load);
  const first = Math.floor(asked.from / DAY_MS);
  const days = Array.from({ length: Math.ceil(asked.to / DAY_MS) - first }, (_, index) => {
    const row = known.get(first + index) ?? {};
    const when = day((first + index) * DAY_MS);
    const notices = countIn(row, 'notices');
    const floods = countIn(row, 'flood_periods');
    return {
      label: when.slice(5),
      value: notices,
      isMarked: floods > 0,
      said: `${when}: ${notices} ${columns.notices}, ${floods} ${columns.floods}`,
    };
  });
  const busiest = load
    .toSorted((a, b) => countIn(b, 'most_in_10_min') - countIn(a, 'most_in_10_min'))
    .slice(0, MAX_DAYS);
  const names = ['notices', 'most_in_10_min', 'flood_periods', 'incidents', 'chattering', 'stale'] as const;
  const titles = [
    { title: columns.day },
    ...(['notices', 'most', 'floods', 'incidents', 'chattering', 'stale'] as const).map((name) => ({
      title: columns[name],
      right: true,
    })),
  ];
  const cells = busiest.map((row) => [
    day(timeIn(row, 'day')),
    ...names.map((name) => number(numberIn(row, name))),
  ]);
  return sectionHtml(
    texts,
    'load',
    ['alarm-load'],
    [
      html`<figure class="wide"><figcaption>${columns.notices}</figcaption>${columnsChart(days, `${words.sections.load}: ${columns.notices}`)}
<ul class="keys"><li><i class="key marked"></i>${columns.floods}</li></ul></figure>`,
      tableHtml(titles, cells, words.sections.load),
    ],
    words.notes.load,
  );
};
