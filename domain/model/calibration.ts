import * as v from 'valibot';

export const CALIBRATION_KINDS = ['platt', 'isotonic'] as const;
export type CalibrationKind = (typeof CALIBRATION_KINDS)[number];

const finite = v.pipe(v.number(), v.finite());

/**
 * How a model's probability is brought to the share of abnormal rows that it had on rows which training had not seen:
 * a line through the log-odds (Platt, "Probabilistic outputs for support vector machines", 1999), or steps that never
 * fall, joined by straight lines (isotonic regression; Zadrozny and Elkan, 2002).
 */
export const CALIBRATION = v.variant('kind', [
  v.object({ kind: v.literal('platt'), slope: v.pipe(finite, v.minValue(0)), intercept: finite }),
  v.object({
    kind: v.literal('isotonic'),
    /** Pairs of a probability and what it stands for, both ascending. */
    points: v.pipe(
      v.array(v.strictTuple([finite, finite])),
      v.minLength(1),
      v.check(
        (points) =>
          points.every(
            ([x, y], i) => i === 0 || (x > (points[i - 1]?.[0] ?? x) && y >= (points[i - 1]?.[1] ?? y)),
          ),
        'points ascend',
      ),
    ),
  }),
]);

export type Calibration =
  | Readonly<{ kind: 'platt'; slope: number; intercept: number }>
  | Readonly<{ kind: 'isotonic'; points: readonly (readonly [number, number])[] }>;

/** Probabilities this near to 0 and 1 have log-odds that a line can be laid through. */
const SMALLEST = 1e-9;

/** The log-odds of a probability, kept finite. */
export const logOdds = (probability: number): number => {
  const bounded = Math.min(Math.max(probability, SMALLEST), 1 - SMALLEST);
  return Math.log(bounded / (1 - bounded));
};

/** A probability as a calibration has it; never further than 0 and 1. */
export const calibrated = (calibration: Calibration, probability: number): number => {
  if (calibration.kind === 'platt')
    return 1 / (1 + Math.exp(-(calibration.slope * logOdds(probability) + calibration.intercept)));
  const { points } = calibration;
  const above = points.findIndex(([x]) => x >= probability);
  const [right, left] = [points.at(above), points.at(above - 1)];
  if (right === undefined || left === undefined || above <= 0)
    return (above === 0 ? right : points.at(-1))?.[1] ?? probability;
  const share = (probability - left[0]) / (right[0] - left[0]);
  return left[1] + share * (right[1] - left[1]);
};
