import { readFileSync } from 'node:fs';
import { type Html, html, pageHtml } from '../backtest/report/html.ts';
import type { Language } from '../notification/locales/languages.ts';
import { coverageHtml, gapsHtml } from './coverage-html.ts';
import { summaryHtml, worstHtml } from './fleet-html.ts';
import { incidentsHtml } from './incidents-html.ts';
import { loadHtml } from './load-html.ts';
import { driftHtml, modelHtml } from './model-html.ts';
import { quietHtml, sectionHtml, tableHtml } from './parts.ts';
import { REPORT_QUERIES, type ReportData } from './report-data.ts';
import { type ReportTexts, textsFor } from './report-texts.ts';
import type { TrainedCard } from './trained-card.ts';

/** When a report was made, ms, of which store, and how its saved queries are asked again: all but their names. */
export type ReportFacts = Readonly<{
  madeAtMs: number;
  place: string;
  language: Language;
  again: (query: string) => string;
  /** The cards of trained models that are shown. */
  cards?: readonly TrainedCard[];
}>;

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

const sourcesHtml = ({ again }: ReportFacts, texts: ReportTexts): Html => {
  const { words } = texts;
  const rows = [...REPORT_QUERIES, 'course'].map((query) => [
    html`<code>${query}</code>`,
    html`<code>${again(query)}</code>`,
  ]);
  return sectionHtml(
    texts,
    'sources',
    [],
    [
      tableHtml(
        [{ title: words.columns.query }, { title: words.columns.command }],
        rows,
        words.sections.sources,
      ),
    ],
    words.notes.sources,
  );
};

const isEmpty = ({ rows }: ReportData): boolean =>
  rows.coverage.length + rows.incidents.length + rows.reliability.length === 0;

/** A report as one page that needs nothing else: no script, no network. All that comes from outside is escaped. */
export const reportHtml = (data: ReportData, facts: ReportFacts): string => {
  const texts = textsFor(facts.language);
  const { words } = texts;
  const { asked } = data;
  const scope = [
    ...(asked.cylinder === undefined ? [] : [words.onlyCylinder(asked.cylinder)]),
    ...(asked.site === undefined ? [] : [words.onlySite(asked.site)]),
  ];
  const sections = isEmpty(data)
    ? [html`<section>${quietHtml(words.empty)}</section>`]
    : [
        ...[summaryHtml, worstHtml, incidentsHtml, coverageHtml, gapsHtml, loadHtml, driftHtml].map(
          (section) => section(data, texts),
        ),
        modelHtml(data, texts, facts.cards ?? []),
      ];
  const period = words.period(iso(asked.from), iso(asked.to));
  return pageHtml({
    language: facts.language,
    title: `${words.title} · ${period}`,
    style: readFileSync(new URL('report.css', import.meta.url), 'utf8'),
    body: html`<main>
<header class="top"><h1>${words.title}</h1><p class="period">${period}</p>
<p class="quiet">${[words.madeAt(iso(facts.madeAtMs), facts.place), ...scope].join(' · ')}</p></header>
${sections}
${sourcesHtml(facts, texts)}
</main>`,
  });
};
