import { type Html, html, raw } from '../backtest/report/html.ts';
import type { ReportTexts } from './report-texts.ts';

/** A column of a table: its title, and whether it holds numbers. */
export type Title = Readonly<{ title: string; right?: boolean }>;
export type Cell = string | Html;

/** A table of cells, each row with the first as its head; wide ones are scrolled on a screen, and whole on paper. */
export const tableHtml = (
  titles: readonly Title[],
  rows: readonly (readonly Cell[])[],
  label: string,
): Html => {
  const kind = (index: number): string => (titles[index]?.right === true ? 'number' : '');
  const cellHtml = (cell: Cell, index: number): Html =>
    index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${kind(index)}">${cell}</td>`;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><thead><tr>${titles.map(
    ({ title, right }) => html`<th scope="col" class="${right === true ? 'number' : ''}">${title}</th>`,
  )}</tr></thead><tbody>${rows.map((cells) => html`<tr>${cells.map(cellHtml)}</tr>`)}</tbody></table></div>`;
};

/** A section of the report, with the saved queries that its figures come from. */
export const sectionHtml = (
  { words }: ReportTexts,
  name: keyof ReportTexts['words']['sections'],
  queries: readonly string[],
  content: readonly Html[],
  note: string | null = null,
): Html => html`<section aria-labelledby="${name}"><header><h2 id="${name}">${words.sections[name]}</h2>
<p class="tags">${queries.map((query) => html`<span class="tag">${words.queryTag} <code>${query}</code></span>`)}</p></header>
${note === null ? raw('') : html`<p class="quiet">${note}</p>`}${content}</section>`;

export const quietHtml = (text: string): Html => html`<p class="quiet">${text}</p>`;
