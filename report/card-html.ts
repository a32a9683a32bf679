import { type Html, html, raw } from '../backtest/report/html.ts';
import { SENSOR_UNITS, SENSORS } from '../domain/message/sample.ts';
import type { Histogram } from '../domain/model/histogram.ts';
import { bar } from './charts.ts';
import { tableHtml } from './parts.ts';
import type { ReportTexts } from './report-texts.ts';
import { numberIn, type Row, textIn } from './row-values.ts';
import type { TrainedCard } from './trained-card.ts';

/** The names of the sensors and of the score in the saved query `drift`, in the order of SENSORS. */
const DRIFT_NAMES = ['temperature', 'vibration-z', 'vibration-x', 'current', 'load', 'encoder', 'score'];
const SCORE_DIGITS = 3;
const KNOWN_DIGITS = 16;

const missingShare = ({ counts, missing }: Histogram): number => {
  const all = counts.reduce((sum, count) => sum + count, missing);
  return all === 0 ? 0 : missing / all;
};

/** What sound rows were like in training, beside the mean of now: outside of the middle eight tenths it stands out. */
const knownHtml = ({ reference }: TrainedCard, drift: readonly Row[], texts: ReportTexts): Html => {
  if (reference === null) return raw('');
  const { words, notice, number, percent } = texts;
  const { card } = words;
  const rows = [...reference.sensors, reference.score].map((histogram, index) => {
    const sensor = SENSORS[index];
    const digits = sensor === undefined ? SCORE_DIGITS : SENSOR_UNITS[sensor].digits;
    const name =
      sensor === undefined ? words.score : `${notice.sensors[sensor]}, ${SENSOR_UNITS[sensor].unit}`;
    const [low, high] = [histogram.edges[0] ?? null, histogram.edges.at(-1) ?? null];
    const now = numberIn(drift.find((row) => textIn(row, 'what') === DRIFT_NAMES[index]) ?? {}, 'mean');
    const isOutside = now !== null && low !== null && high !== null && (now < low || now > high);
    return [
      name,
      number(low, digits),
      number(high, digits),
      percent(missingShare(histogram)),
      isOutside ? html`<strong class="verdict shifted">${number(now, digits)}</strong>` : number(now, digits),
    ];
  });
  const titles = [
    { title: words.columns.what },
    ...[card.low, card.high, card.missing, words.columns.now].map((title) => ({ title, right: true })),
  ];
  return html`<h4>${card.sound(number(reference.rows))}</h4>${tableHtml(titles, rows, card.sound(number(reference.rows)))}`;
};

const figuresHtml = ({ parts, metrics, settings }: TrainedCard, texts: ReportTexts): Html => {
  const { card } = texts.words;
  const { confusion } = metrics;
  const rows: readonly (readonly [string, string])[] = [
    [card.trainedOn, card.rows(texts.number(parts.training.rows), texts.number(parts.training.positives))],
    [card.testedOn, card.rows(texts.number(parts.test.rows), texts.number(parts.test.positives))],
    [card.auc, texts.number(metrics.auc, 4)],
    [card.averagePrecision, texts.number(metrics.averagePrecision, 4)],
    [card.logLoss, texts.number(metrics.logLoss, 4)],
    [card.brier, texts.number(metrics.brier, 4)],
    [
      card.found(texts.number(settings.threshold, 2)),
      card.of(
        texts.number(confusion.truePositive),
        texts.number(confusion.truePositive + confusion.falseNegative),
      ),
    ],
    [
      card.falsely(texts.number(settings.threshold, 2)),
      card.of(
        texts.number(confusion.falsePositive),
        texts.number(confusion.falsePositive + confusion.trueNegative),
      ),
    ],
  ];
  return tableHtml([{ title: card.figure }, { title: card.value, right: true }], rows, card.figure);
};

/** Whether a probability means what it says: the share that was abnormal beside the mean that was said. */
const calibrationHtml = ({ metrics, calibration }: TrainedCard, texts: ReportTexts): Html => {
  const { words, number, percent } = texts;
  const { card } = words;
  const rows = metrics.calibration
    .filter(({ rows: count }) => count > 0)
    .map(({ from, rows: count, meanProbability, abnormalShare }) => [
      number(from, 1),
      number(count),
      percent(meanProbability),
      html`<span class="barred">${bar(abnormalShare ?? 0)}<span>${percent(abnormalShare)}</span></span>`,
    ]);
  const titles = [
    { title: card.from },
    { title: card.rowCount, right: true },
    { title: card.said, right: true },
    { title: card.was, right: true },
  ];
  const note = calibration === null ? card.noCalibration : card.calibration(calibration.kind);
  return html`<h4>${note}</h4>${tableHtml(titles, rows, card.was)}`;
};

const dataHtml = ({ data }: TrainedCard, texts: ReportTexts): Html => {
  const { number } = texts;
  const { card } = texts.words;
  if (data.length === 0) return raw('');
  const rows = data.map(({ file, rows: count, positives, sha256 }) => [
    file,
    number(count),
    number(positives),
    html`<code>${sha256.slice(0, KNOWN_DIGITS)}…</code>`,
  ]);
  const titles = [
    { title: card.file },
    { title: card.rowCount, right: true },
    { title: card.abnormalRows, right: true },
    { title: 'SHA-256' },
  ];
  return html`<h4>${card.provenance}</h4>${tableHtml(titles, rows, card.provenance)}`;
};

/** The card that a training wrote: how good the model was on rows it had not seen, what of, and what it takes for sound. */
export const cardHtml = (trained: TrainedCard, drift: readonly Row[], texts: ReportTexts): Html => {
  const { card } = texts.words;
  const split = card.splits[trained.split] ?? trained.split;
  return html`<article class="card"><h3>${trained.name}</h3>
<p class="quiet">${card.made(texts.number(trained.roundsKept), texts.number(trained.depth), split)}</p>
<div class="pair"><div>${figuresHtml(trained, texts)}</div><div>${calibrationHtml(trained, texts)}</div></div>
${knownHtml(trained, drift, texts)}${dataHtml(trained, texts)}</article>`;
};
