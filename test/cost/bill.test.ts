import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternatives, curveOf } from '../../cost/cost.ts';
import { lineItems, monthlyTotal, PRICE_LIST } from '../../cost/line-items.ts';
import { planOf } from '../../cost/plan.ts';

const prices = PRICE_LIST;
const perCylinder = (options: Parameters<typeof planOf>[0]): number => {
  const plan = planOf(options);
  return monthlyTotal(plan, prices) / plan.cylinders;
};

test('1,000 cylinders at 1 Hz cost at most $0.70 each with Timestream and an hour in memory, and $0.20 with the lake, where the ledger is paid by the hour', () => {
  const plant = {
    cylinders: 1000,
    samplePeriodMs: 1000,
    edgeBatch: 10,
    ingest: 'stream',
    publish: 'basic-ingest',
    canary: 'on',
    ledger: 'provisioned',
  } as const;
  const timestream = perCylinder({ ...plant, store: 'timestream', memoryHours: 1 });
  const lake = perCylinder({ ...plant, store: 'lake' });
  assert.ok(timestream <= 0.7, String(timestream));
  assert.ok(lake <= 0.2, String(lake));
  // By the request, as a deploy takes it that is told nothing, nothing has to be planned; docs/cost.md says $0.203.
  const onDemand = perCylinder({ ...plant, ledger: undefined, store: 'lake' });
  assert.ok(onDemand <= 0.2035, String(onDemand));
});

test('prices are dated, and each names the page that says it', () => {
  assert.match(prices.date, /^\d{4}-\d\d-\d\d$/);
  for (const { source } of Object.values(prices.prices))
    assert.match(source, /^https:\/\/aws\.amazon\.com\//);
});

test('a line is its units times their price, and the bill is the sum of its lines', () => {
  const plan = planOf({ cylinders: 300, sms: 1 });
  const items = lineItems(plan, prices);
  for (const { count, unitPrice, total } of items) assert.equal(total, count * unitPrice);
  const sum = items.reduce((total, item) => total + item.total, 0);
  assert.ok(Math.abs(sum - monthlyTotal(plan, prices)) < 1e-9);
});

test('only what a plan uses is on its bill', () => {
  const services = (options: Parameters<typeof planOf>[0]): Set<string> =>
    new Set(lineItems(planOf(options), prices).map(({ service }) => service));
  const direct = services({ cylinders: 10, ingest: 'direct', store: 'lake' });
  assert.ok(!direct.has('Kinesis') && !direct.has('Timestream') && direct.has('Firehose'));
  const stream = services({ cylinders: 10, ingest: 'stream', store: 'timestream' });
  assert.ok(stream.has('Kinesis') && stream.has('Timestream') && !stream.has('Firehose'));
});

test('a million messages through the broker cost one dollar, past it nothing', () => {
  const difference =
    perCylinder({ cylinders: 1000, publish: 'topic' }) -
    perCylinder({ cylinders: 1000, publish: 'basic-ingest' });
  assert.ok(Math.abs(difference - 0.2592) < 1e-9, String(difference));
});

test('what advice says is what the bill says once it is taken', () => {
  const plan = planOf({ cylinders: 1000, publish: 'topic', memoryHours: 24, edgeBatch: 1 });
  const said = alternatives(plan, prices);
  const saving = (option: string): number => said.find((one) => one.option === option)?.saving ?? Number.NaN;
  const total = monthlyTotal(plan, prices);
  assert.equal(saving('--edge-batch 10'), total - monthlyTotal({ ...plan, edgeBatch: 10 }, prices));
  assert.equal(saving('--store lake'), total - monthlyTotal({ ...plan, store: 'lake' }, prices));
  assert.equal(saving('--memory-hours 1'), total - monthlyTotal({ ...plan, memoryHours: 1 }, prices));
  assert.deepEqual(
    said.map((one) => one.saving),
    said.map((one) => one.saving).toSorted((a, b) => b - a),
  );
});

test('advice names nothing that is already so', () => {
  const options = alternatives(planOf({ cylinders: 1000, store: 'lake' }), prices).map(
    ({ option }) => option,
  );
  for (const taken of ['--store lake', '--publish basic-ingest', '--edge-batch 10', '--months-kept 1'])
    assert.ok(!options.includes(taken), taken);
});

test('the curve runs from one cylinder to ten thousand, and a cylinder gets cheaper on it, but for a whole shard and batches that are full before their time now and then', () => {
  const curve = curveOf({ cylinders: 5, store: 'lake' }, prices);
  assert.deepEqual([curve.at(0)?.cylinders, curve.at(-1)?.cylinders], [1, 10_000]);
  for (const way of ['direct', 'stream'] as const) {
    const each = curve.map((point) => point[way] / point.cylinders);
    for (const [index, price] of each.slice(1).entries()) assert.ok(price < (each[index] ?? 0) * 1.06);
  }
});

test('the canary is a line of its own, the same whatever the plant, and none where it is off', () => {
  const lines = (options: Parameters<typeof planOf>[0]) =>
    lineItems(planOf(options), prices).filter(({ service }) => service === 'Canary');
  const [small] = lines({ cylinders: 1 });
  const [large] = lines({ cylinders: 10_000 });
  assert.equal(small?.total, large?.total);
  assert.equal(small?.count, 30 * 24 * 12);
  assert.ok((small?.total ?? 0) > 0.1 && (small?.total ?? 1) < 0.5, String(small?.total));
  assert.deepEqual(lines({ cylinders: 1, canary: 'off' }), []);
});

test('what the desk keeps costs at most a cent a cylinder and month, and nothing where it is off', () => {
  const desk = (mode: 'on' | 'off') =>
    lineItems(planOf({ cylinders: 1000, desk: mode }), prices).filter(({ service }) => service === 'Desk');
  assert.deepEqual(desk('off'), []);
  const rollups = desk('on').filter(({ what }) => what.startsWith('roll-ups'));
  const each = rollups.reduce((sum, { perCylinder }) => sum + perCylinder, 0);
  assert.ok(each > 0.004 && each <= 0.01, String(each));
});

test('a page that is open costs more with each cylinder, and one more page only its requests', () => {
  const looking = (cylinders: number, openPages: number): number =>
    monthlyTotal(planOf({ cylinders, openPages, desk: 'on' }), prices) -
    monthlyTotal(planOf({ cylinders, desk: 'on' }), prices);
  // docs/cost.md says these.
  assert.deepEqual(
    [looking(100, 1), looking(1000, 1), looking(1000, 2) - looking(1000, 1)].map((one) => one.toFixed(1)),
    ['3.3', '19.3', '1.9'],
  );
  assert.equal(
    monthlyTotal(planOf({ cylinders: 10, openPages: 5 }), prices),
    monthlyTotal(planOf({ cylinders: 10 }), prices),
  );
});
