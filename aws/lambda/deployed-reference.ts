import type { DriftReference } from '../../domain/model/histogram.ts';

/**
 * What the model in force knows, by which `watch` looks for drift. A deployment with `card` puts the histograms of that
 * model card in place of this module (infra/reading.cjs); without one nothing is counted.
 */
export const deployedReference: Readonly<{ reference?: DriftReference }> = {};
