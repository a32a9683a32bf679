import { type Html, html } from '../backtest/report/html.ts';
import { quietHtml, sectionHtml, tableHtml } from './parts.ts';
import type { ReportData } from './report-data.ts';
import type { ReportTexts } from './report-texts.ts';
import { countIn, numberIn, type Row, textIn, timeIn } from './row-values.ts';

const DAY_MS = 86_400_000;
/** More columns are too narrow to be seen: then one stands for several days. */
const MAX_DAYS = 62;
const MAX_CYLINDERS = 40;

type Shade = keyof ReportTexts['words']['coverageKeys'];

const shadeOf = (coverage: number | null): Shade => {
  if (coverage === null || coverage === 0) return 'nothing';
  if (coverage >= 0.99) return 'full';
  if (coverage >= 0.9) return 'some';
  return coverage >= 0.5 ? 'half' : 'little';
};

const SHADES: readonly Shade[] = ['full', 'some', 'half', 'little', 'nothing'];

const startOfDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

/** Seconds with a sample, and how many there were to be, by cylinder and column. */
type Sums = Map<string, Map<number, { seconds: number; expected: number }>>;

const add = (sums: Sums, name: string, column: number, row: Row): void => {
  const own = sums.get(name) ?? new Map<number, { seconds: number; expected: number }>();
  sums.set(name, own);
  const sum = own.get(column) ?? { seconds: 0, expected: 0 };
  own.set(column, sum);
  const share = countIn(row, 'coverage');
  sum.seconds += countIn(row, 'seconds');
  sum.expected += share === 0 ? 0 : countIn(row, 'seconds') / share;
};

const shareOf = (sum: Readonly<{ seconds: number; expected: number }> | undefined): number | null =>
  sum === undefined || sum.expected === 0 ? null : sum.seconds / sum.expected;

/** How much of each day is there: all cylinders together, and the worst of them. */
export const coverageHtml = ({ rows, asked }: ReportData, texts: ReportTexts): Html => {
  const { words, day, percent } = texts;
  const firstDay = startOfDay(asked.from);
  const days = Math.ceil((startOfDay(asked.to - 1) + DAY_MS - firstDay) / DAY_MS);
  const daysEach = Math.ceil(days / MAX_DAYS);
  const count = Math.ceil(days / daysEach);
  const sums: Sums = new Map();
  const fleet: Sums = new Map();
  for (const row of rows.coverage) {
    const ms = timeIn(row, 'day');
    if (ms === null) continue;
    const column = Math.floor((ms - firstDay) / DAY_MS / daysEach);
    add(sums, textIn(row, 'cylinder') ?? '', column, row);
    add(fleet, words.fleet, column, row);
  }
  if (sums.size === 0) return sectionHtml(texts, 'coverage', ['coverage'], [quietHtml(words.none)]);
  const columns = Array.from({ length: count }, (_, column) => column);
  const meanOf = (own: ReadonlyMap<number, Readonly<{ seconds: number; expected: number }>>): number =>
    columns.reduce((sum, column) => sum + (shareOf(own.get(column)) ?? 0), 0) / count;
  const worst = [...sums].toSorted(([a, one], [b, other]) => meanOf(one) - meanOf(other) || (a < b ? -1 : 1));
  const rowHtml = ([name, own]: (typeof worst)[number]): Html =>
    html`<tr><th scope="row">${name}</th>${columns.map((column) => {
      const share = shareOf(own.get(column));
      const when = day(firstDay + column * daysEach * DAY_MS);
      return html`<td class="day ${shadeOf(share)}" title="${`${name} ${when}: ${percent(share, 1)}`}"></td>`;
    })}<td class="number">${percent(meanOf(own), 1)}</td></tr>`;
  const every = Math.ceil(count / 8);
  const heads = columns
    .filter((column) => column % every === 0)
    .map(
      (column) =>
        html`<th scope="colgroup" class="when" colspan="${Math.min(every, count - column)}">${day(firstDay + column * daysEach * DAY_MS).slice(5)}</th>`,
    );
  return sectionHtml(
    texts,
    'coverage',
    ['coverage'],
    [
      html`<div class="scroll" role="region" aria-label="${words.sections.coverage}" tabindex="0"><table class="calendar"><thead><tr><td></td>${heads}<td></td></tr></thead>
<tbody>${[...fleet].map(rowHtml)}</tbody><tbody>${worst.slice(0, MAX_CYLINDERS).map(rowHtml)}</tbody></table></div>`,
      html`<ul class="keys">${SHADES.map((shade) => html`<li><i class="day ${shade}"></i>${words.coverageKeys[shade]}</li>`)}</ul>`,
      ...(worst.length > MAX_CYLINDERS
        ? [quietHtml(words.more(worst.length - MAX_CYLINDERS, 'coverage'))]
        : []),
    ],
    words.notes.coverage,
  );
};

const MAX_GAPS = 12;

/** The longest stretches without samples. */
export const gapsHtml = ({ rows }: ReportData, texts: ReportTexts): Html => {
  const { words, time, lasting } = texts;
  const { columns } = words;
  const longest = rows.gaps.toSorted((a, b) => countIn(b, 'seconds') - countIn(a, 'seconds'));
  if (longest.length === 0) return sectionHtml(texts, 'gaps', ['gaps'], [quietHtml(words.none)]);
  const cells = longest.slice(0, MAX_GAPS).map((row) => {
    const cause = textIn(row, 'cause');
    return [
      textIn(row, 'cylinder') ?? '',
      time(timeIn(row, 'began_at')),
      time(timeIn(row, 'ended_at')),
      lasting((numberIn(row, 'seconds') ?? 0) * 1000),
      cause === null ? '–' : (words.causes[cause] ?? cause),
    ];
  });
  const titles = [
    { title: columns.cylinder },
    { title: columns.from },
    { title: columns.to },
    { title: columns.lasted },
    { title: columns.cause },
  ];
  return sectionHtml(
    texts,
    'gaps',
    ['gaps'],
    [
      tableHtml(titles, cells, words.sections.gaps),
      ...(longest.length > MAX_GAPS ? [quietHtml(words.more(longest.length - MAX_GAPS, 'gaps'))] : []),
    ],
    words.notes.gaps,
  );
};
