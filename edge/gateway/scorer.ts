import type { SensorValues } from '../../domain/message/sample.ts';
import { contributions } from '../model/explain/contributions.ts';
import { type Model, modelLabel } from '../model/model.ts';
import { score } from '../model/predict/score.ts';

/** What a model says of six values, and which model that was. */
export type ScoredValues = Readonly<{ probability: number; why: readonly number[] | null; model: string }>;

/** Scores with one model until it is given another, between two samples. */
export type Scorer = Readonly<{
  score(values: SensorValues): ScoredValues;
  model(): Model;
  swap(model: Model): void;
}>;

export const createScorer = (first: Model): Scorer => {
  let model = first;
  let label = modelLabel(first);
  return {
    score(values) {
      // Two walks: contributions know the leaves too, but to note them costs as much as the kernel takes for all of them.
      const { sensors } = contributions(model, values);
      // A contribution is worth less than the sample, which could not be read with one that is no number.
      const why = sensors.every(Number.isFinite) ? sensors : null;
      return { probability: score(model, values).probability, why, model: label };
    },
    model: () => model,
    swap(next) {
      model = next;
      label = modelLabel(next);
    },
  };
};
