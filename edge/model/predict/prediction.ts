import type { Model } from '../model.ts';
import type { Score } from './score.ts';

/** What XGBoost's own predict gives: the probability, but the margin for binary:logitraw. */
export const prediction = ({ objective }: Model, { margin, probability }: Score): number =>
  objective === 'binary:logitraw' && margin !== null ? margin : probability;
