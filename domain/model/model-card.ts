import * as v from 'valibot';
import { SENSORS, type SensorValues } from '../message/sample.ts';
import { CALIBRATION, type Calibration } from './calibration.ts';
import { type Column, decileHistogram, HISTOGRAM, type Histogram } from './histogram.ts';

/**
 * What a model's training data looked like while nothing was wrong: live samples are held against it to see whether the
 * sensors have moved away from what the model knows. Only rows labelled as sound are counted, because a line that runs
 * is sound most of the time while training data hold as many faults as could be found; scores are those of models that
 * had not seen the row.
 */
export type Reference = Readonly<{
  rows: number;
  /** In the order of SENSORS. */
  sensors: readonly Histogram[];
  /** Of the probability of abnormal, before any calibration. */
  score: Histogram;
}>;

const REFERENCE = v.object({
  rows: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sensors: v.pipe(v.array(HISTOGRAM), v.length(SENSORS.length)),
  score: HISTOGRAM,
});

/** The part of a card that others than its reader need; cards of earlier versions have none of it. */
const MODEL_CARD = v.object({
  reference: v.optional(v.nullable(REFERENCE), null),
  calibration: v.optional(v.nullable(CALIBRATION), null),
});

export type ModelCard = Readonly<{ reference: Reference | null; calibration: Calibration | null }>;

export type ModelCardReading =
  | Readonly<{ ok: true; card: ModelCard }>
  | Readonly<{ ok: false; message: string }>;

/** Reads a parsed `.card.json` as `sentinel train` writes it beside a model. */
export const readModelCard = (value: unknown): ModelCardReading => {
  const result = v.safeParse(MODEL_CARD, value);
  if (result.success) return { ok: true, card: result.output };
  const [issue] = result.issues;
  return { ok: false, message: `${v.getDotPath(issue) ?? 'the card'}: ${issue.message}` };
};

/** The reference of rows labelled as sound, and of the probabilities that models gave them which had not seen them. */
export const referenceOf = (rows: readonly SensorValues[], probabilities: readonly number[]): Reference =>
  referenceOfColumns(rows.length, (sensor) => rows.map((values) => values[sensor]), probabilities);

/** The same of so many rows that lie in a column for each sensor, asked for one after the other. */
export const referenceOfColumns = (
  rows: number,
  columnOf: (sensor: number) => Column,
  probabilities: readonly number[],
): Reference => ({
  rows,
  sensors: SENSORS.map((_, sensor) => decileHistogram(columnOf(sensor))),
  score: decileHistogram(probabilities),
});
