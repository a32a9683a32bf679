import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runCommand } from './run-sentinel.ts';

const cost = (...args: readonly string[]) => runCommand(['cost', ...args]);

test('the bill says what, how much, what dominates, what would change it, and the curve', async () => {
  const { code, out } = await cost('--cylinders', '1000', '--store', 'lake');
  assert.equal(code, 0);
  assert.match(
    out,
    /^1000 cylinders, a sample a second, 10 a message; ingest stream \(1 shard, batches of 40\.0 s\)/,
  );
  assert.match(out, /^List prices of \d{4}-\d\d-\d\d in us-east-1/m);
  assert.match(out, /^Total +\$\d+ +\$0\.\d{4}$/m);
  assert.match(out, /^What dominates: DynamoDB ledger, writes/m);
  assert.match(out, /^What would lower it:\n --ledger provisioned/m);
  assert.match(out, /^ --publish topic +\+\$259 /m);
  assert.match(out, /^ +10,000 +\$/m);
});

test('a bill of Timestream says what the hours in its memory store cost, and an hour takes less', async () => {
  const { out } = await cost('--cylinders', '100');
  assert.match(
    out,
    /^Samples of 72 h lie in Timestream's memory store for \$\d+ a month; .* up to six hours\.$/m,
  );
  assert.match(out, /^ --memory-hours 1 +-\$\d+ /m);
});

test('a bill of Basic Ingest says that gateways have to be told, and one of topics does not', async () => {
  const { out } = await cost('--cylinders', '10');
  assert.match(out, /^Gateways publish to the rule, past the broker .* until then it is --publish topic\.$/m);
  const { out: topic } = await cost('--cylinders', '10', '--publish', 'topic');
  assert.doesNotMatch(topic, /past the broker \(Basic/);
});

test('a bill of direct says what it cannot promise', async () => {
  const { out } = await cost('--cylinders', '3', '--ingest', 'direct');
  assert.match(out, /^direct has no order .* waits for a redrive\)\.$/m);
});

test('the same as JSON adds up, with the calls that were counted', async () => {
  const { out } = await cost('--cylinders', '20', '--ingest', 'direct', '--json');
  const { plan, total, items, calls } = JSON.parse(out);
  assert.deepEqual([plan.publish, plan.ledger, calls.published], ['topic', 'on-demand', 20 * 259_200]);
  const sum = items.reduce((all: number, item: { total: number }) => all + item.total, 0);
  assert.equal(sum, total);
});

const MISUSE: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /required option '--cylinders <n>'/],
  [['--cylinders', '0'], /from 1 to 1000000/],
  [['--cylinders', '5', '--edge-batch', '11'], /from 1 to 10/],
  [['--cylinders', '5', '--store', 'disk'], /Allowed choices are timestream, lake/],
  [['--cylinders', '5', '--period', '0'], /--period must be more than 0/],
  [['--cylinders', '5', '--region', 'eu-west-1'], /list prices of us-east-1 only/],
];

for (const [args, message] of MISUSE) {
  test(`cost ${args.join(' ')} says what is wrong`, async () => {
    const { code, errors } = await cost(...args);
    assert.notEqual(code, 0);
    assert.match(errors, message);
  });
}

const FIGURES: readonly (readonly [row: string, args: readonly string[]])[] = [
  ['10 cylinders, lake', ['--cylinders', '10', '--store', 'lake']],
  ['100 cylinders, lake', ['--cylinders', '100', '--store', 'lake']],
  ['1,000 cylinders, lake', ['--cylinders', '1000', '--store', 'lake']],
  [
    'the same, with `--ledger provisioned`',
    ['--cylinders', '1000', '--store', 'lake', '--ledger', 'provisioned'],
  ],
  ['1,000 cylinders, Timestream', ['--cylinders', '1000']],
  ['the same, with `--memory-hours 1`', ['--cylinders', '1000', '--memory-hours', '1']],
];

test('docs/cost.md shows what is reckoned here', async () => {
  const text = await readFile(new URL('../../docs/cost.md', import.meta.url), 'utf8');
  for (const [row, args] of FIGURES) {
    const cells =
      text
        .split('\n')
        .find((line) => line.startsWith(`| ${row} |`))
        ?.match(/[\d.]+(?= \|)/g) ?? [];
    for (const [index, ingest] of ['direct', 'stream'].entries()) {
      const { out } = await cost(...args, '--ingest', ingest, '--json');
      const { total, plan } = JSON.parse(out);
      const cell = cells[index] ?? '';
      assert.equal((total / plan.cylinders).toFixed(cell.split('.')[1]?.length), cell, `${row}, ${ingest}`);
    }
  }
});
