import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { KEPT_MS } from '../../aws/dynamodb/desk-view.ts';
import { costCommand } from '../../cli/cost.ts';
import { doctorCommand } from '../../cli/doctor.ts';
import {
  ALARMS,
  CANARY_EVERY_S,
  CUSTOM_METRICS,
  DESK_ALARMS,
  FIREHOSE_BUFFER_S,
  LAMBDA_MEMORY_GB,
  LEDGER_FLOOR,
  LEDGER_UTILISATION,
  LINE_READ_EVERY_S,
  PARALLEL_BATCHES,
  SWEEP_EVERY_S,
  TWIN_BATCH,
} from '../../cost/assumed.ts';
import { INGEST_WAYS, planOf } from '../../cost/plan.ts';
import { BATCH_RECORDS } from '../../cost/traffic.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The numbers behind a key wherever it stands in a file. */
const values = (text: string, key: string): readonly number[] =>
  [...text.matchAll(new RegExp(`${key}:\\s*'?(\\d+)`, 'g'))].map(([, value]) => Number(value));

const plan = planOf({ cylinders: 1000 });
const ingest = read('infra/inference-stream-on.yml');
const ledger = createRequire(import.meta.url)('../../infra/ledger-capacity.cjs');
const readers = read('infra/event-source-mappings.yml');
const twin = readers.slice(readers.indexOf('TwinReadsLedger'));
const service = read('serverless.yml');

const AGREED: readonly (readonly [what: string, deployed: readonly number[], assumed: readonly number[]])[] =
  [
    ['the window of a batch, s', values(ingest, 'MaximumBatchingWindowInSeconds'), [plan.windowMs / 1000]],
    ['records of a batch', values(ingest, 'BatchSize'), [BATCH_RECORDS]],
    ['parallel batches of a shard', values(ingest, 'ParallelizationFactor'), [PARALLEL_BATCHES]],
    ['the use that auto scaling aims for, %', [ledger.USE_PERCENT], [LEDGER_UTILISATION * 100]],
    [
      'the least capacity',
      Object.values(ledger.leastUnits(values(service, 'ledgerUnits')[0])),
      [LEDGER_FLOOR.table, LEDGER_FLOOR.byDue, LEDGER_FLOOR.byGateway],
    ],
    ['items of a twin batch', values(twin, 'BatchSize'), [TWIN_BATCH.items]],
    ['the window of a twin batch, s', values(twin, 'MaximumBatchingWindowInSeconds'), [TWIN_BATCH.seconds]],
    ['parallel batches of twins', values(twin, 'ParallelizationFactor'), []],
    [
      'Firehose gathers for, s',
      values(read('infra/telemetry-lake.yml'), 'IntervalInSeconds'),
      [FIREHOSE_BUFFER_S],
    ],
    [
      'the sweep comes every minute',
      [...read('infra/sweep-schedule.yml').matchAll(/ScheduleExpression: rate\((\d+) minute\)/g)].map(
        ([, minutes]) => Number(minutes) * 60,
      ),
      [SWEEP_EVERY_S],
    ],
    [
      'the canary comes every five minutes',
      [...read('infra/canary-on.yml').matchAll(/ScheduleExpression: rate\((\d+) minutes\)/g)].map(
        ([, minutes]) => Number(minutes) * 60,
      ),
      [CANARY_EVERY_S],
    ],
    ['how often the desk reads the states, s', [KEPT_MS.states / 1000], [LINE_READ_EVERY_S.states]],
    ['how often it reads the names, s', [KEPT_MS.names / 1000], [LINE_READ_EVERY_S.names]],
    ['memory of a function, MB', values(service, 'memorySize'), [LAMBDA_MEMORY_GB * 1024]],
    ['hours in the memory store', values(service, 'memoryHours'), [plan.memoryHours]],
  ];

for (const [what, deployed, assumed] of AGREED) {
  test(`${what}: what a price assumes is what is deployed`, () => assert.deepEqual(deployed, assumed));
}

test('what a deploy takes for a parameter is what cost and doctor take', () => {
  const deployed = (name: string): string | undefined =>
    new RegExp(`^ {4}${name}: '?(\\w+)`, 'm').exec(service)?.[1];
  const commands = [costCommand(), doctorCommand()];
  for (const name of ['ingest', 'store', 'reserve', 'greengrass', 'canary', 'desk']) {
    for (const command of commands) {
      const option = command.options.find(({ long }) => long === `--${name}`);
      if (option) assert.equal(option.defaultValue, deployed(name), `${command.name()} --${name}`);
    }
  }
  const [, choices] = /ingest: \[(.+)\]/.exec(read('infra/check-parameters.cjs')) ?? [];
  assert.equal(choices, INGEST_WAYS.map((way) => `'${way}'`).join(', '));
  assert.equal(plan.ingest, deployed('ingest'));
  assert.equal(plan.store, deployed('store'));
});

test('the metrics that a price assumes are those that the functions count', () => {
  const handlers = globSync('functions/*/handler.ts', { cwd: new URL('../..', import.meta.url) }).map(read);
  const names = handlers.flatMap((text) => [...text.matchAll(/addMetric\('(\w+)'/g)].map(([, name]) => name));
  assert.equal(new Set(names).size, CUSTOM_METRICS);
});

test('the alarms that a price assumes are those of the way of deploying that has most', async () => {
  const alarms = createRequire(import.meta.url)('../../infra/alarms.cjs');
  const most = async (desk: string): Promise<number> => {
    const counts = ['stream', 'direct'].flatMap((ingest) =>
      ['timestream', 'lake'].map(async (store) => {
        const values = new Map(Object.entries({ ingest, store, desk }));
        const resolveVariable = (name: string) => values.get(name.replace('param:', '')) ?? '1';
        return Object.keys((await alarms({ resolveVariable })).Resources).length;
      }),
    );
    return Math.max(...(await Promise.all(counts)));
  };
  assert.equal(await most('off'), ALARMS);
  assert.equal(await most('on'), ALARMS + DESK_ALARMS);
});
