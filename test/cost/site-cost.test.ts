import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { monthlyTotal, PRICE_LIST } from '../../cost/line-items.ts';
import { planOf } from '../../cost/plan.ts';
import { MONTH_S } from '../../cost/traffic.ts';

const sql = readFileSync(new URL('../../infra/queries/sites/query.sql', import.meta.url), 'utf8');

/** The price that stands behind a name in the query. */
const priceOf = (name: string): number => {
  const [, price = Number.NaN] = new RegExp(`\\b${name} \\* (\\d+\\.\\d+)e0`).exec(sql) ?? [];
  return Number(price);
};

const SAVES_AN_HOUR = 180;

for (const [edgeBatch, samplePeriodMs] of [
  [1, 1000],
  [5, 1000],
  [10, 1000],
  [1, 10_000],
  [10, 10_000],
  [1, 60_000],
] as const)
  test(`a cylinder that sends ${edgeBatch} of a sample in ${samplePeriodMs / 1000} s costs what the query of sites says, within 5 %`, () => {
    const bill = (cylinders: number): number => {
      const options = { ingest: 'stream', store: 'lake', publish: 'basic-ingest', canary: 'off' } as const;
      return monthlyTotal(
        planOf({ cylinders, edgeBatch, samplePeriodMs, incidents: 0, tracing: 'off', ...options }),
        PRICE_LIST,
      );
    };
    // What a cylinder more adds: all that runs though nothing is sent goes out.
    const added = (bill(20_000) - bill(10_000)) / 10_000;
    const samples = MONTH_S / (samplePeriodMs / 1000);
    const messages = samples / edgeBatch;
    const saves = Math.min(messages, (MONTH_S / 3600) * SAVES_AN_HOUR);
    const said =
      (messages * priceOf('messages') + samples * priceOf('samples') + saves * priceOf('saves')) / 1e6 +
      priceOf('cylinders');
    assert.ok(Math.abs(said / added - 1) < 0.05, `${said} by the query, ${added} by the model`);
  });
