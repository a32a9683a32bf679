import { digest } from '../digest.ts';
import type { DriftReference, Histogram } from '../model/histogram.ts';
import type { Reference } from '../model/model-card.ts';

const named = (histograms: readonly Histogram[]): DriftReference => ({ id: digest(histograms), histograms });

/** The reference of a model's card by which live samples are counted. */
export const driftReference = ({ sensors, score }: Reference): DriftReference => named([...sensors, score]);
