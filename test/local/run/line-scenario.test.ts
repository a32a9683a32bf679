import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineScenario } from '../../../cli/run/run-live.ts';
import { QUEUED_MS } from '../../../edge/simulator/fault-schedule.ts';
import type { Source, SourceSample } from '../../../edge/sources/source.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createRunFacts } from '../../../local/run/data-folder.ts';

const NOW_MS = 1_763_800_000_000;
const HOUR_MS = 3_600_000;
const choice = { kind: 'simulated', cylinders: 2, seed: 7 } as const;

const firstBatch = async (source: Source): Promise<readonly SourceSample[]> => {
  for await (const batch of source) return batch;
  return [];
};
const seen = (t: number) =>
  new Map([
    ['cyl-01', t],
    ['cyl-02', t],
  ]);
const runFacts = () => createRunFacts(openLedgerDatabase({ path: ':memory:' }));

test('the first run on a data folder begins with a quarter of an hour in the queue, on whole seconds', async () => {
  const batch = await firstBatch(lineScenario(choice, runFacts(), NOW_MS + 700, new Map()));
  assert.deepEqual(
    batch.map(({ cylinder, t }) => [cylinder, t]),
    [
      ['cyl-01', NOW_MS - QUEUED_MS],
      ['cyl-02', NOW_MS - QUEUED_MS],
    ],
  );
});

const LATER: readonly (readonly [what: string, laterMs: number, lastSeenMs: number, firstMs: number])[] = [
  ['soon after goes on a second after the last sample', 10_000, NOW_MS, NOW_MS + 1000],
  ['long after has a quarter of an hour in its queue', HOUR_MS, NOW_MS, NOW_MS + HOUR_MS - QUEUED_MS],
  ['whose clock is behind the last sample goes on after it', 0, NOW_MS + 60_000, NOW_MS + 61_000],
];

for (const [what, laterMs, lastSeenMs, firstMs] of LATER) {
  test(`a run ${what}`, async () => {
    const kept = runFacts();
    lineScenario(choice, kept, NOW_MS, new Map());
    const batch = await firstBatch(lineScenario(choice, kept, NOW_MS + laterMs, seen(lastSeenMs)));
    assert.equal(batch[0]?.t, firstMs);
  });
}

test('a later run goes on with the scenario of the first', async () => {
  const kept = runFacts();
  const [first, later] = [
    lineScenario(choice, kept, NOW_MS, new Map()),
    lineScenario(choice, kept, NOW_MS + 5000, seen(NOW_MS - QUEUED_MS + 9000)),
  ];
  const from = (await firstBatch(later))[0];
  assert.equal(from?.t, NOW_MS - QUEUED_MS + 10_000);
  for await (const [sample] of first) {
    if (sample?.t !== from.t) continue;
    assert.deepEqual(sample, from);
    return;
  }
});

test('random values have the names and times of the line', async () => {
  const batch = await firstBatch(lineScenario({ ...choice, kind: 'random' }, runFacts(), NOW_MS, new Map()));
  assert.deepEqual(
    batch.map(({ cylinder, t }) => [cylinder, t]),
    [
      ['cyl-01', NOW_MS - QUEUED_MS],
      ['cyl-02', NOW_MS - QUEUED_MS],
    ],
  );
});

test('each cylinder goes on where it was: what one has stored beyond the others is not sent again', async () => {
  const kept = runFacts();
  lineScenario(choice, kept, NOW_MS, new Map());
  const lastSeen = new Map([
    ['cyl-01', NOW_MS - 2000],
    ['cyl-02', NOW_MS - 3000],
  ]);
  const times: (readonly [string, number])[] = [];
  for await (const batch of lineScenario(choice, kept, NOW_MS, lastSeen)) {
    for (const { cylinder, t } of batch) times.push([cylinder, t]);
    if (times.length >= 3) break;
  }
  assert.deepEqual(times, [
    ['cyl-02', NOW_MS - 2000],
    ['cyl-01', NOW_MS - 1000],
    ['cyl-02', NOW_MS - 1000],
  ]);
});
