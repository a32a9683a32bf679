import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { isDelivered } from '../aws/sns/filter-policy.ts';
import { resourcesMade } from '../aws/template/fragment.ts';
import { deployLine } from './happen.ts';
import type { Line, LineSettings } from './line.ts';
import type { Asked } from './mishap.ts';
import { messageOf } from './story.ts';
import { BLANK } from './tape.ts';

const happen = await deployLine(DEFAULT_POLICY);

const fragment = readFileSync(new URL('../../infra/canary-on.yml', import.meta.url), 'utf8');
const deployed = (name: string): string => {
  const [, value] = new RegExp(`^ +${name}: (.+)$`, 'm').exec(fragment) ?? [];
  if (value === undefined) throw new Error(`infra/canary-on.yml has no ${name} any more`);
  return value;
};
const EVERY_MS = Number(/rate\((\d+) minutes\)/.exec(fragment)?.[1]) * 60_000;
const [, cylinder = '', kind = ''] =
  /^\{ cylinder: \[(.+)\], kind: \[(.+)\] \}$/.exec(deployed('FilterPolicy')) ?? [];

/** How many notices came into the canary's queue so far. */
const arrived = ({ topic }: Line): number =>
  topic.published.filter(
    ({ topicArn, data }) =>
      topicArn.endsWith(':canary') && isDelivered({ cylinder: [cylinder], kind: [kind] }, Object(data)),
  ).length;

const { CanarySilentAlarm } = await resourcesMade('alarms', { 'param:canary': 'on' });
const alarm = CanarySilentAlarm?.Properties ?? {};

/** Whether the deployed alarm fires, by the notices of the last rounds: none in so many periods, counted or missing. */
const isAlarmed = (perRound: readonly number[]): boolean =>
  perRound.slice(-Number(alarm.EvaluationPeriods)).every((count) => count < Number(alarm.Threshold));

test('the alarm counts notices in periods as long as a round, and takes none at all for silence', () => {
  const { Period, Statistic, ComparisonOperator, TreatMissingData, Dimensions } = alarm;
  assert.deepEqual(
    { Period, Statistic, ComparisonOperator, TreatMissingData },
    {
      Period: EVERY_MS / 1000,
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    },
  );
  assert.match(JSON.stringify(Dimensions), /"QueueName".*"CanaryQueue"/);
});

type Round = Readonly<{ isScheduled: boolean }>;

/** Some rounds of the canary, five minutes apart: the notices that came of each. */
const rounds = async (
  line: Line,
  advance: (ms: number) => void,
  count: number,
  { isScheduled }: Round = { isScheduled: true },
): Promise<readonly number[]> => {
  const counts: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const before = arrived(line);
    if (isScheduled) await line.run('canary', {}).catch(() => undefined);
    await line.work(40);
    counts.push(arrived(line) - before);
    advance(EVERY_MS);
  }
  return counts;
};

for (const ingest of ['direct', 'stream'] as const) {
  test(`${ingest}: each round of the canary comes out as one notice, and of the canary stays nothing else`, async () => {
    const end = await happen({
      tape: BLANK,
      mishaps: () => 'none',
      settings: { ingest },
      act: async (line, clock) => {
        assert.deepEqual(await rounds(line, clock.advance, 4), [1, 1, 1, 1]);
        await line.settle();
        // What a price assumes of a round: each item is a write unit.
        for (const item of line.dynamo.table.items()) assert.ok(JSON.stringify(item).length < 1024);
      },
    });
    assert.deepEqual([end.samples, end.incidents, end.recorded, end.quarantine], [[], [], [], []]);
    assert.deepEqual(
      end.twins.map(({ twin }) => twin),
      [null],
    );
    assert.equal(new Set(end.published.map(({ id }) => id)).size, end.published.length);
    assert.deepEqual(end.untold, []);
  });
}

test('nobody who listens to the alerts is told of the canary, also when it falls silent for days', async () => {
  await happen({
    tape: BLANK,
    mishaps: () => 'none',
    settings: { ingest: 'stream' },
    act: async (line, clock) => {
      await rounds(line, clock.advance, 3);
      for (let hour = 0; hour < 50; hour += 1) {
        clock.advance(3_600_000);
        line.sweep(clock.now());
        await line.settle();
      }
      assert.ok(line.topic.published.some(({ data }) => Object(data).kind === 'OFFLINE'));
      assert.deepEqual(
        line.topic.published.filter(({ topicArn }) => !topicArn.endsWith(':canary')),
        [],
      );
      assert.equal(arrived(line), 3);
    },
  });
});

test('a cylinder of the plant goes its own way beside the canary', async () => {
  const { samples } = await happen({
    tape: BLANK,
    mishaps: () => 'none',
    settings: { ingest: 'stream' },
    act: async (line, clock) => {
      const message = messageOf('c1', 'AAAAAA', 0, 6);
      if (message.kind === 'message') line.publish(message.document);
      assert.deepEqual(await rounds(line, clock.advance, 1), [1]);
    },
  });
  assert.deepEqual([...new Set(samples.map(({ sample }) => sample.cylinder))], ['c1']);
});

type Death = Readonly<{
  off?: string;
  refuses?: (asked: Asked) => boolean;
  isScheduled?: false;
  subscriptions?: '0';
}>;

const DEATHS: Readonly<Record<string, Death>> = {
  'its own schedule stopped': { isScheduled: false },
  'IoT takes no message': { refuses: ({ path }) => path.startsWith('/topics/') },
  'the rule is disabled': { off: 'rule' },
  'nothing reads the stream for watch': { off: 'watch' },
  'watch cannot read the ledger': { refuses: ({ operation }) => operation === 'BatchGetItem' },
  'the ledger takes no write': {
    refuses: ({ operation }) => operation === 'PutItem' || operation === 'TransactWriteItems',
  },
  'nothing reads the stream of the ledger for notify': { off: 'notify' },
  'notify cannot claim a notice': { refuses: ({ operation }) => operation === 'UpdateItem' },
  'SNS takes no notice': { refuses: ({ operation }) => operation === 'Publish' },
  'the topic of alerts is gone': { refuses: ({ operation }) => operation === 'GetTopicAttributes' },
  'nobody is subscribed to the alerts': { subscriptions: '0' },
};

describe('the alarm fires within 15 minutes, and not before, where', () => {
  for (const [what, { off, refuses, isScheduled = true, subscriptions = '1' }] of Object.entries(DEATHS)) {
    test(what, async () => {
      const switchedOff = new Set<string>();
      let isDead = false;
      const settings: LineSettings = { ingest: 'stream', off: switchedOff };
      await happen({
        tape: BLANK,
        mishaps: (asked) => (isDead && refuses?.(asked) === true ? 'refused' : 'none'),
        settings,
        act: async (line, clock) => {
          const counts = [...(await rounds(line, clock.advance, 3))];
          assert.ok(!isAlarmed(counts));
          isDead = true;
          if (off !== undefined) switchedOff.add(off);
          line.topic.control.subscriptions = subscriptions;
          counts.push(...(await rounds(line, clock.advance, 2, { isScheduled })));
          assert.ok(!isAlarmed(counts), 'before 15 minutes it does not fire');
          counts.push(...(await rounds(line, clock.advance, 1, { isScheduled })));
          assert.ok(isAlarmed(counts), `${counts}`);
          isDead = false;
          switchedOff.clear();
          line.topic.control.subscriptions = '1';
          counts.push(...(await rounds(line, clock.advance, 3)));
          assert.ok(!isAlarmed(counts), 'it is over once the part lives again');
        },
      });
    });
  }
});
