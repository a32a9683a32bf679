import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRAFFIC_POLICY } from '../local/run/abnormal-traffic.ts';
import type { Line } from '../local/run/notified-lines.ts';
import { replayOracle } from '../oracle/oracle.ts';
import { judge, type Left } from './judge.ts';
import { sentLine } from './sent-line.ts';

const startMs = 1_800_000_000_000;
const line = sentLine({ samples: 20_000, lanes: 4, seed: 7, startMs });
const receivedAt = startMs + 3_600_000;
const samples = line.cylinders.flatMap((cylinder) =>
  line.samplesOf(cylinder).flatMap((taken) => taken.map((one) => ({ ...one, cylinder }))),
);
const stored = samples.filter(({ isAhead }) => !isAhead);
const quarantined = new Set(
  samples.flatMap(({ isAhead, cylinder, seq }) => (isAhead ? [`${cylinder} ${seq}`] : [])),
);
const told: readonly Line[] = line.cylinders.flatMap((cylinder) =>
  replayOracle([
    { policy: TRAFFIC_POLICY, seed: 0 },
    ...line.messagesOf(cylinder).map(({ topic, payload }) => ({
      receivedAt,
      topic,
      payload: JSON.parse(payload),
    })),
  ]).map((output) => ({ ...output })),
);
const whole: Left = { stored, quarantined, told, doubtful: [] };
const judged = (left: Partial<Left>) =>
  judge(line, { ...whole, ...left }, { policy: TRAFFIC_POLICY, receivedAt, onJudged: () => undefined });

const notices = told.filter(({ kind }) => kind === 'notice');
const [notice] = notices;
const [first, second] = stored;
assert.ok(notice !== undefined && first !== undefined && second !== undefined && quarantined.size > 0);

test('nothing is wrong where all is there once', async () => {
  const { faults, ...counts } = await judged({});
  assert.deepEqual(faults, []);
  assert.deepEqual(counts, {
    samples: stored.length,
    quarantined: quarantined.size,
    notices: notices.length,
    inDoubt: 0,
  });
});

const FAULTS: Readonly<Record<string, readonly [left: Partial<Left>, word: RegExp]>> = {
  'a sample that is not stored': [{ stored: stored.toSpliced(1, 1) }, /^lost: sample .* is not stored/],
  'the last sample, which is not stored': [{ stored: stored.slice(0, -1) }, /^lost: sample .* is not stored/],
  'a sample that is stored twice': [{ stored: stored.toSpliced(1, 0, first) }, /is stored twice/],
  'a sample that is not as it was sent': [
    { stored: stored.toSpliced(1, 1, { ...second, probability: 0.5 }) },
    /is not as it was sent/,
  ],
  'a sample that nobody sent': [{ stored: stored.toSpliced(1, 0, { ...first, seq: -1 }) }, /was never sent/],
  'a sample that should lie in quarantine': [{ quarantined: new Set() }, /is not in quarantine/],
  'a notice that was not told': [{ told: told.filter((one) => one !== notice) }, /^lost: .* was not told/],
  'a notice that was told twice': [{ told: [...told, notice] }, /^told twice: /],
};

for (const [what, [left, word]] of Object.entries(FAULTS))
  test(`${what} is found`, async () => {
    const { faults } = await judged(left);
    assert.match(faults.join('\n'), new RegExp(word, 'm'));
  });

test('a notice that a kill left in doubt may be missing', async () => {
  const left = { told: told.filter((one) => one !== notice), doubtful: [{ ...notice }] };
  const { faults, inDoubt } = await judged(left);
  assert.deepEqual(faults, []);
  assert.equal(inDoubt, 1);
});
