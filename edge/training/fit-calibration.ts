import { type Calibration, type CalibrationKind, logOdds } from '../../domain/model/calibration.ts';
import type { Judged } from './metrics.ts';

const STEPS = 50;
const RIDGE = 1e-6;

/** Newton's method for the two numbers of a logistic regression on the log-odds, with Platt's targets. */
const fitPlatt = (judged: readonly Judged[]): Calibration => {
  const positives = judged.filter(({ label }) => label === 1).length;
  // Short of 0 and 1, by as much as a part that small could be wrong.
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (judged.length - positives + 2);
  const points = judged.map(({ probability, label }) => ({
    x: logOdds(probability),
    y: label === 1 ? high : low,
  }));
  let [slope, intercept] = [1, 0];
  for (let step = 0; step < STEPS; step += 1) {
    let [gSlope, gIntercept, hSlope, hBoth, hIntercept] = [0, 0, RIDGE, 0, RIDGE];
    for (const { x, y } of points) {
      const p = 1 / (1 + Math.exp(-(slope * x + intercept)));
      const second = p * (1 - p);
      gSlope += (p - y) * x;
      gIntercept += p - y;
      hSlope += second * x * x;
      hBoth += second * x;
      hIntercept += second;
    }
    const determinant = hSlope * hIntercept - hBoth ** 2;
    if (determinant <= 0) break;
    const stepSlope = (hIntercept * gSlope - hBoth * gIntercept) / determinant;
    slope -= stepSlope;
    intercept -= (hSlope * gIntercept - hBoth * gSlope) / determinant;
    if (Math.abs(stepSlope) < 1e-9) break;
  }
  // A score that ranks the wrong way round is worth nothing; turned about it would be believed.
  return { kind: 'platt', slope: Math.max(0, slope), intercept };
};

type Step = { x: number; weight: number; sum: number };

/** Pool adjacent violators (Barlow and others, 1972), over probabilities from the lowest on. */
const fitIsotonic = (judged: readonly Judged[]): Calibration => {
  const steps: Step[] = [];
  for (const { probability, label } of judged.toSorted((a, b) => a.probability - b.probability)) {
    steps.push({ x: probability, weight: 1, sum: label });
    for (
      let last = steps.at(-1), before = steps.at(-2);
      last && before;
      last = steps.at(-1), before = steps.at(-2)
    ) {
      if (before.x < last.x * (1 - 1e-12) && before.sum / before.weight < last.sum / last.weight) break;
      steps.pop();
      before.x = (before.x * before.weight + last.x * last.weight) / (before.weight + last.weight);
      before.weight += last.weight;
      before.sum += last.sum;
    }
  }
  return { kind: 'isotonic', points: steps.map(({ x, weight, sum }) => [x, sum / weight] as const) };
};

/** The calibration of scores by rows that training had not seen; null where these are of one kind. */
export const fitCalibration = (kind: CalibrationKind, judged: readonly Judged[]): Calibration | null => {
  const positives = judged.filter(({ label }) => label === 1).length;
  if (positives === 0 || positives === judged.length) return null;
  return kind === 'platt' ? fitPlatt(judged) : fitIsotonic(judged);
};
