import { type Alternative, alternatives } from './advice.ts';
import { type LineItem, lineItems, monthlyTotal, type PriceList } from './line-items.ts';
import { type Plan, type PlanOptions, planOf } from './plan.ts';

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

/** Everything that is known of the price of a plan. */
export type Cost = Readonly<{
  plan: Plan;
  region: string;
  date: string;
  items: readonly LineItem[];
  total: number;
  /** What every further month of samples in the store adds to a month's price. */
  anotherMonth: number;
  alternatives: readonly Alternative[];
  curve: readonly CurvePoint[];
}>;

/** Prices a plan at list prices: line by line, against its alternatives, and for plants of other sizes. */
export const costOf = (options: PlanOptions, prices: PriceList): Cost => {
  const plan = planOf(options);
  const items = lineItems(plan, prices);
  const total = items.reduce((sum, item) => sum + item.total, 0);
  return {
    plan,
    region: prices.region,
    date: prices.date,
    items,
    total,
    anotherMonth: monthlyTotal({ ...plan, monthsKept: plan.monthsKept + 1 }, prices) - total,
    alternatives: alternatives(plan, prices),
    curve: curveOf(options, prices),
  };
};
