import type { Backtest } from '../backtest.ts';
import type { ChartData, LaneData } from './chart-data.ts';
import { type Html, html } from './html.ts';

const CONDITIONS: readonly (readonly [name: string, meaning: string])[] = [
  ['NORMAL', 'normal'],
  ['SUSPECT', 'suspect'],
  ['ACTIVE', 'active, with its severity'],
  ['CLEARING', 'clearing'],
];

/** The signs of the notices; the page's script draws the same. */
const NOTICE_SIGNS: readonly (readonly [sign: string, types: string])[] = [
  ['▲', 'raised'],
  ['△', 'reopened, shelf expired'],
  ['◆', 'flapping'],
  ['⇑', 'escalated'],
  ['●', 'reminder'],
  ['▼', 'recovered'],
  ['■', 'occurred, told late'],
  ['✕', 'offline'],
  ['○', 'online'],
];

/** What the colours, shapes and signs of the charts mean. */
export const legendHtml = ({ recordings, policies }: Backtest): Html => {
  const types = new Set(
    recordings.flatMap(({ results }) => results.flatMap(({ notices }) => Object.keys(notices))),
  );
  const isUsed = (meaning: string): boolean =>
    [...types].some((type) => meaning.includes(type.toLowerCase().replace('_', ' ')));
  return html`<section class="legend" aria-labelledby="timelines"><h2 id="timelines">Timelines</h2>
<ul class="keys">
<li><i class="key line"></i>probability</li>
<li><i class="key threshold"></i>threshold</li>
<li><i class="key label"></i>labelled abnormal</li>
<li><i class="key gap"></i>no data</li>
<li><i class="key sensor"></i>sensors, each from its lowest to its highest</li>
${CONDITIONS.map(([name, meaning]) => html`<li><i class="key ${name.toLowerCase()}"></i>${meaning}</li>`)}
${NOTICE_SIGNS.filter(([, meaning]) => isUsed(meaning)).map(
  ([sign, meaning]) => html`<li><i class="key sign">${sign}</i>${meaning}</li>`,
)}
</ul>
<p class="quiet">${policies.length > 1 ? 'The bands are those of policy A above those of policy B. ' : ''}Drag to zoom, drag
with Shift to move, double-click for all of it; on the keyboard ← → read, Shift + ← → move, + − zoom, 0 for all of it, N and P the next and previous notice. Times are UTC.</p></section>`;
};

const noticesHtml = ({ letter, notices }: LaneData, chart: string): Html[] =>
  notices.map(({ at, text }) => {
    const [headline = '', ...details] = text.split('\n');
    return html`<li class="notice-item"><button type="button" class="notice" data-chart="${chart}" data-at="${at}"><b class="letter">${letter}</b> ${headline}</button>
${details.map((line) => html`<div class="quiet">${line}</div>`)}</li>`;
  });

/** The place of one chart, with buttons to move in it and its notices as text. */
export const figureHtml = ({ id, cylinder, lanes }: ChartData): Html => {
  const count = lanes.reduce((sum, { notices }) => sum + notices.length, 0);
  return html`<figure>
<figcaption><h3>${cylinder}</h3><span class="buttons" role="group" aria-label="Move in the timeline of ${cylinder}">
<button type="button" data-chart="${id}" data-move="left" aria-label="Earlier">◀</button>
<button type="button" data-chart="${id}" data-move="right" aria-label="Later">▶</button>
<button type="button" data-chart="${id}" data-move="in" aria-label="Zoom in">+</button>
<button type="button" data-chart="${id}" data-move="out" aria-label="Zoom out">−</button>
<button type="button" data-chart="${id}" data-move="all">All</button></span></figcaption>
<div class="chart" id="${id}" tabindex="0" role="group" aria-roledescription="timeline" aria-label="Timeline of ${cylinder}: arrow keys read it"></div>
<div class="spoken" id="${id}-spoken" aria-live="polite"></div>
<details><summary>Notices (${count})</summary><ol>${lanes.flatMap((lane) => noticesHtml(lane, id))}</ol></details>
</figure>`;
};
