import { createLine } from '../simulator/line.ts';
import type { LabelledRow } from './best-rounds.ts';

/** Where a fault has grown this far a sample counts as abnormal; below, until it is gone, it is left out as neither. */
export const ABNORMAL_SEVERITY = 0.3;

const CYLINDERS = 6;
const HOURS_MS = 3 * 3_600_000;
// Neighbouring seconds are nearly the same sample; an odd step meets all phases of the duty cycle.
const STEP_MS = 17_000;
const START_MS = Date.UTC(2026, 0, 5, 6);

/** Labelled rows of several simulated lines, three hours of each, thinned. */
export const simulatedRows = (seeds: readonly number[]): readonly LabelledRow[] => {
  const rows: LabelledRow[] = [];
  for (const seed of seeds) {
    const line = createLine({ cylinders: CYLINDERS, seed, startMs: START_MS });
    for (let t = START_MS; t < START_MS + HOURS_MS; t += STEP_MS)
      for (const { values, label } of line.at(t))
        if (label.severity === 0 || label.severity >= ABNORMAL_SEVERITY)
          rows.push({ values, label: label.severity === 0 ? 0 : 1 });
  }
  return rows;
};
