import { type Html, html, raw } from '../backtest/report/html.ts';
import type { CoursePoint, ShownIncident } from './report-data.ts';

const fixed = (value: number): string => String(Math.round(value * 100) / 100);

const SPARK = { width: 240, height: 54, pad: 3 } as const;

/** Points that follow each other as pieces of a line: a part without a sample is a gap. */
const piecesOf = (course: readonly CoursePoint[], apart: number): readonly (readonly CoursePoint[])[] => {
  const pieces: CoursePoint[][] = [];
  for (const point of course) {
    const piece = pieces.at(-1);
    const before = piece?.at(-1);
    if (piece !== undefined && before !== undefined && point.at - before.at < apart) piece.push(point);
    else pieces.push([point]);
  }
  return pieces;
};

/** The score around an incident, 0 to 1, with its trouble as a band and its raise as a line. */
export const sparkline = ({ course, apart, marks }: ShownIncident, label: string): Html => {
  const { width, height, pad } = SPARK;
  const x = (at: number): string => fixed(at * width);
  const y = (probability: number): string => fixed(pad + (1 - probability) * (height - 2 * pad));
  const lines = piecesOf(course, 1.5 * apart).map((piece) => {
    const [first] = piece;
    if (first === undefined) return raw('');
    // A single part is a short stroke, or it would not be seen.
    const points =
      piece.length > 1
        ? piece
        : [
            { ...first, at: first.at - 0.004 },
            { ...first, at: first.at + 0.004 },
          ];
    return html`<polyline class="course" points="${points.map(({ at, probability }) => `${x(at)},${y(probability)}`).join(' ')}"/>`;
  });
  const until = marks.last ?? 1;
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}" preserveAspectRatio="none">
<rect class="trouble" x="${x(marks.began)}" y="0" width="${x(Math.max(0.004, until - marks.began))}" height="${height}"/>
<line class="limit" x1="0" x2="${width}" y1="${y(0.5)}" y2="${y(0.5)}"/>
<line class="raise" x1="${x(marks.raised)}" x2="${x(marks.raised)}" y1="0" y2="${height}"/>
${lines}</svg>`;
};

/** A share of a whole as a bar, beside its number. */
export const bar = (share: number, kind = ''): Html =>
  html`<svg class="bar ${kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="value" width="${fixed(Math.min(1, Math.max(0, share)) * 100)}" height="8"/></svg>`;

/** A value on both sides of nothing, as a share of the greatest there is. */
export const bothWays = (share: number): Html => {
  const length = Math.min(1, Math.abs(share)) * 50;
  return html`<svg class="bar both" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="${share < 0 ? 'against' : 'value'}" x="${fixed(share < 0 ? 50 - length : 50)}" width="${fixed(length)}" height="8"/><line x1="50" x2="50" y1="0" y2="8"/></svg>`;
};

export type Column = Readonly<{ label: string; value: number; isMarked: boolean; said: string }>;

const COLUMNS = { width: 960, height: 150, axis: 18 } as const;
/** So many labels fit below. */
const MAX_LABELS = 12;

/** One column for each day; what is marked is told apart by its pattern as well. */
export const columns = (days: readonly Column[], label: string): Html => {
  const { width, height, axis } = COLUMNS;
  const most = Math.max(1, ...days.map(({ value }) => value));
  const step = width / Math.max(1, days.length);
  const every = Math.ceil(days.length / MAX_LABELS);
  const drawn = days.map(({ label: name, value, isMarked, said }, index) => {
    const high = (value / most) * (height - axis - 16);
    const left = index * step + step * 0.12;
    const labelled =
      index % every === 0
        ? html`<text class="name" x="${fixed(index * step + step / 2)}" y="${height - 4}">${name}</text>`
        : raw('');
    const number =
      days.length <= 31 && value > 0
        ? html`<text class="count" x="${fixed(index * step + step / 2)}" y="${fixed(height - axis - high - 4)}">${value}</text>`
        : raw('');
    return html`<g><title>${said}</title><rect class="${isMarked ? 'marked' : 'column'}" x="${fixed(left)}" y="${fixed(height - axis - high)}" width="${fixed(step * 0.76)}" height="${fixed(high)}"/>${number}${labelled}</g>`;
  });
  return html`<svg class="columns" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<line class="ground" x1="0" x2="${width}" y1="${height - axis}" y2="${height - axis}"/>${drawn}</svg>`;
};
