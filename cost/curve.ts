import { monthlyTotal } from './line-items.ts';
import { type PlanOptions, planOf } from './plan.ts';
import type { PriceList } from './price-list.ts';

const SIZES = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];

/** A plant of so many cylinders: what it costs a month with each way of ingestion, US dollars. */
export type CurvePoint = Readonly<{ cylinders: number; direct: number; stream: number }>;

/** The price from one cylinder to ten thousand, with all else as it was asked. */
export const curveOf = (options: PlanOptions, prices: PriceList): readonly CurvePoint[] =>
  SIZES.map((cylinders) => ({
    cylinders,
    direct: monthlyTotal(planOf({ ...options, cylinders, ingest: 'direct' }), prices),
    stream: monthlyTotal(planOf({ ...options, cylinders, ingest: 'stream' }), prices),
  }));
