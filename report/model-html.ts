import { type Html, html } from '../backtest/report/html.ts';
import type { Sensor } from '../domain/message/sample.ts';
import { cardHtml } from './card-html.ts';
import { bar } from './charts.ts';
import { quietHtml, sectionHtml, tableHtml } from './parts.ts';
import type { ReportData } from './report-data.ts';
import type { ReportTexts } from './report-texts.ts';
import { countIn, numberIn, textIn, timeIn } from './row-values.ts';
import type { TrainedCard } from './trained-card.ts';

/** From here on a distribution moves, and has shifted. Siddiqi, Credit Risk Scorecards, 2006. */
const MOVING = 0.1;
const SHIFTED = 0.25;

const SENSOR_OF: ReadonlyMap<string, Sensor> = new Map([
  ['temperature', 'rVibration_Temp'],
  ['vibration-z', 'rVibration_Z_RMS_Velocity'],
  ['vibration-x', 'rVibration_X_RMS_Velocity'],
  ['current', 'wRMSCurrent'],
  ['load', 'wCurrentLoad'],
  ['encoder', 'wEncoderVelocity'],
]);

const verdictOf = (psi: number): 'stable' | 'moving' | 'shifted' => {
  if (psi > SHIFTED) return 'shifted';
  return psi >= MOVING ? 'moving' : 'stable';
};

/** Whether the line is still the one that the model knows. */
export const driftHtml = ({ rows }: ReportData, texts: ReportTexts): Html => {
  const { words, notice, number } = texts;
  const { columns } = words;
  const known = rows.drift.filter((row) => numberIn(row, 'psi') !== null);
  if (known.length === 0) return sectionHtml(texts, 'drift', ['drift'], [quietHtml(words.noReference)]);
  const cells = known.map((row) => {
    const what = textIn(row, 'what') ?? '';
    const sensor = SENSOR_OF.get(what);
    const psi = countIn(row, 'psi');
    const verdict = verdictOf(psi);
    return [
      sensor === undefined ? (what === 'score' ? words.score : what) : notice.sensors[sensor],
      // Twice what counts as shifted fills it.
      html`<span class="barred">${bar(psi / (2 * SHIFTED), verdict)}<span>${number(psi, 3)}</span></span>`,
      html`<strong class="verdict ${verdict}">${words.drifts[verdict]}</strong>`,
      number(numberIn(row, 'reference_mean'), 3),
      number(numberIn(row, 'mean'), 3),
    ];
  });
  const titles = [
    { title: columns.what },
    { title: columns.psi, right: true },
    { title: columns.verdict },
    { title: columns.reference, right: true },
    { title: columns.now, right: true },
  ];
  return sectionHtml(
    texts,
    'drift',
    ['drift'],
    [tableHtml(titles, cells, words.sections.drift)],
    words.notes.drift,
  );
};

/** The models that scored, and what became of their alerts. */
export const modelHtml = (
  { rows }: ReportData,
  texts: ReportTexts,
  trained: readonly TrainedCard[],
): Html => {
  const { words, number, percent, time } = texts;
  const { columns } = words;
  const cards =
    trained.length === 0
      ? [quietHtml(words.card.none)]
      : trained.map((card) => cardHtml(card, rows.drift, texts));
  if (rows.models.length + rows['alert-precision'].length === 0)
    return sectionHtml(texts, 'model', ['models', 'alert-precision'], [quietHtml(words.none), ...cards]);
  const scored = rows.models.map((row) => [
    textIn(row, 'model') ?? '–',
    number(numberIn(row, 'cylinders')),
    time(timeIn(row, 'first_t')),
    time(timeIn(row, 'last_t')),
    number(numberIn(row, 'samples')),
    number(numberIn(row, 'probability'), 4),
    percent(numberIn(row, 'abnormal_share'), 2),
  ]);
  const judged = rows['alert-precision'].map((row) => [
    textIn(row, 'model') ?? '–',
    (textIn(row, 'policy') ?? '–').slice(0, 12),
    number(numberIn(row, 'incidents')),
    number(numberIn(row, 'judged')),
    number(numberIn(row, 'faults')),
    percent(numberIn(row, 'precision'), 0),
  ]);
  const right = (...names: readonly (keyof typeof columns)[]) =>
    names.map((name) => ({ title: columns[name], right: true }));
  return sectionHtml(
    texts,
    'model',
    ['models', 'alert-precision'],
    [
      tableHtml(
        [
          { title: columns.model },
          ...right('cylinders'),
          { title: columns.first },
          { title: columns.last },
          ...right('samples', 'mean', 'abnormal'),
        ],
        scored,
        words.sections.model,
      ),
      tableHtml(
        [
          { title: columns.model },
          { title: columns.policy },
          ...right('incidents', 'judged', 'faults', 'precision'),
        ],
        judged,
        words.tiles.precision,
      ),
      ...cards,
    ],
    words.notes.model,
  );
};
