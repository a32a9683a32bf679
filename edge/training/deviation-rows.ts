import { type BaselineSettings, createDeviations } from '../model/deviation.ts';
import type { LabelledRow } from './boost.ts';
import { createPackedRows } from './packed-rows.ts';

/**
 * The rows as a model with a baseline sees them, each recording of a cylinder with a baseline of its own. Rows from before
 * it say nothing and are left out: whether a cylinder has just begun is not what a model is to learn.
 */
export const deviationRows = (
  rows: readonly LabelledRow[],
  baseline: BaselineSettings,
): readonly LabelledRow[] => {
  const deviations = createDeviations(baseline);
  const kept = createPackedRows();
  for (const { values, label, recording, cylinder } of rows) {
    const seen = deviations(values, `${recording ?? ''}\n${cylinder ?? ''}`);
    if (seen !== null) kept.add({ values: seen, label, t: Number.NaN, recording, cylinder });
  }
  return kept.rows;
};
