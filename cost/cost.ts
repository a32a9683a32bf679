import { type LineItem, lineItems, monthlyTotal, type PriceList } from './line-items.ts';
import { DIRECT_LACKS, type Plan, type PlanOptions, planOf } from './plan.ts';

/** One thing done otherwise, and what a month then costs less (or more, where below zero), US dollars. */
export type Alternative = Readonly<{ option: string; why: string; saving: number }>;

type Change = Readonly<{ option: string; why: string; change: Partial<Plan> }>;

const changesOf = (plan: Plan): readonly Change[] => [
  plan.publish === 'topic'
    ? {
        option: '--publish basic-ingest',
        why: 'gateways publish past the broker: nobody else can subscribe to the samples',
        change: { publish: 'basic-ingest' },
      }
    : {
        option: '--publish topic',
        why: 'gateways publish through the broker: anyone may subscribe',
        change: { publish: 'topic' },
      },
  plan.echo === 'on'
    ? {
        option: '--echo off',
        why: 'on a Greengrass nucleus: two minutes without a failure prove what has arrived, with an exception (docs/edge.md)',
        change: { echo: 'off' },
      }
    : {
        option: '--echo on',
        why: 'gateways on a Greengrass nucleus prove at once what has arrived',
        change: { echo: 'on' },
      },
  plan.ingest === 'direct'
    ? {
        option: '--ingest stream',
        why: `one batch for all that came in ${plan.windowMs / 1000} s, in place of one call a message`,
        change: { ingest: 'stream' },
      }
    : {
        option: '--ingest direct',
        why: `one call a message, and no stream to pay for; ${DIRECT_LACKS}`,
        change: { ingest: 'direct' },
      },
  plan.store === 'timestream'
    ? { option: '--store lake', why: 'Parquet on S3, asked through Athena', change: { store: 'lake' } }
    : { option: '--store timestream', why: 'Timestream for LiveAnalytics', change: { store: 'timestream' } },
  plan.ledger === 'on-demand'
    ? {
        option: '--ledger provisioned',
        why: 'capacity by the hour, for a load that is steady',
        change: { ledger: 'provisioned' },
      }
    : { option: '--ledger on-demand', why: 'capacity by the request', change: { ledger: 'on-demand' } },
  {
    option: '--edge-batch 10',
    why: `${plan.edgeBatch} samples a message now; an alarm comes up to ten periods later`,
    change: { edgeBatch: 10 },
  },
  {
    option: '--memory-hours 1',
    why: `${plan.memoryHours} h in the memory store now; what comes later than that can be read after up to six hours`,
    change: { memoryHours: 1 },
  },
  {
    option: '--window 40s',
    why: `batches of ${plan.windowMs / 1000} s now; an alarm comes that much later`,
    change: { windowMs: 40_000 },
  },
  plan.tracing === 'on'
    ? { option: '--tracing off', why: 'no X-Ray traces', change: { tracing: 'off' } }
    : { option: '--tracing on', why: 'X-Ray traces of each function', change: { tracing: 'on' } },
  plan.canary === 'on'
    ? {
        option: '--canary off',
        why: 'nobody would know that the whole way is dead',
        change: { canary: 'off' },
      }
    : {
        option: '--canary on',
        why: 'tells the operators when the whole way is dead',
        change: { canary: 'on' },
      },
  ...(plan.drift === 'on'
    ? []
    : [
        {
          option: '--drift on',
          why: 'operators are told where sensors move away from what the model knows',
          change: { drift: 'on' as const },
        },
      ]),
  {
    option: '--months-kept 1',
    why: `samples of ${plan.monthsKept} months lie in the store now`,
    change: { monthsKept: 1 },
  },
];

/** What a month would cost with each one of the options changed, the greatest saving first; what changes nothing is left out. */
export const alternatives = (plan: Plan, prices: PriceList): readonly Alternative[] => {
  const now = monthlyTotal(plan, prices);
  return changesOf(plan)
    .map(({ option, why, change }) => ({
      option,
      why,
      saving: now - monthlyTotal({ ...plan, ...change }, prices),
    }))
    .filter(({ saving }) => Math.abs(saving) >= 0.005)
    .toSorted((a, b) => b.saving - a.saving);
};

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
