import * as v from 'valibot';
import { digest } from '../digest.ts';
import { type DriftReference, HISTOGRAM, type Histogram } from '../model/histogram.ts';
import type { Reference } from '../model/model-card.ts';
import { MEASURED } from './drift.ts';

const named = (histograms: readonly Histogram[]): DriftReference => ({ id: digest(histograms), histograms });

/** The reference of a model's card by which live samples are counted. */
export const driftReference = ({ sensors, score }: Reference): DriftReference => named([...sensors, score]);

/** Digits of an edge and parts of a share that make no difference to a stability index. */
const EDGE_DIGITS = 5;
const PARTS = 1000;

/** The same in few characters, for where room is scarce: edges to five digits, counts as parts of a thousand. */
export const compactReference = ({ histograms }: DriftReference): readonly Histogram[] =>
  histograms.map(({ edges, counts, missing }) => {
    const all = Math.max(
      1,
      counts.reduce((sum, count) => sum + count, missing),
    );
    const part = (count: number): number => Math.round((PARTS * count) / all);
    return {
      edges: edges.map((edge) => Number(edge.toPrecision(EDGE_DIGITS))),
      counts: counts.map(part),
      missing: part(missing),
    };
  });

const COMPACT = v.pipe(v.array(HISTOGRAM), v.length(MEASURED.length));

/** Reads a compact reference from its JSON value; null where it is none. */
export const readCompactReference = (value: unknown): DriftReference | null => {
  const parsed = v.safeParse(COMPACT, value);
  return parsed.success ? named(parsed.output) : null;
};
