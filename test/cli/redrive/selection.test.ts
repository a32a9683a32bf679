import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createS3Quarantine, quarantineText } from '../../../aws/s3/quarantine.ts';
import { aboutOf, isSelected } from '../../../cli/redrive/selection.ts';
import { raw, rejection } from '../../contract/quarantine-contract.ts';
import { fixture, fixtureText } from './fixture.ts';
import { startRedrive } from './start-redrive.ts';

const about = (text: string) => aboutOf({ text, keptAt: 7 });

test('of what is kept it is known why, of which gateway and since when', () => {
  assert.deepEqual(about(fixtureText('async-record')).reasons, ['RetriesExhausted']);
  assert.deepEqual(about(fixtureText('rule-error')).gateways, ['line-3']);
  const batch = about(fixtureText('failed-kinesis-batch'));
  assert.deepEqual([batch.reasons, batch.at], [['RetryAttemptsExhausted'], 7]);
  const record = { raw: raw({ receivedAt: 5 }), rejections: [rejection({ reason: 'topic' })] };
  assert.deepEqual(about(quarantineText(record)), { reasons: ['topic'], gateways: ['line-3'], at: 5 });
  assert.deepEqual(about('garbage'), { reasons: [], gateways: [], at: 7 });
  assert.equal(fixture('rule-error').topic, 'greengrass/ml/inference/line-3/cyl-07');
});

test('what is meant has the reason and the gateway, and came within the time', () => {
  const kept = { reasons: ['topic', 'time'], gateways: ['g1'], at: 50 };
  for (const [selection, meant] of [
    [{}, true],
    [{ reason: 'Time' }, true],
    [{ reason: 'version' }, false],
    [{ gateway: 'g1', sinceMs: 50, untilMs: 50 }, true],
    [{ gateway: 'g2' }, false],
    [{ sinceMs: 51 }, false],
    [{ untilMs: 49 }, false],
  ] as const)
    assert.equal(isSelected(kept, selection), meant, JSON.stringify(selection));
});

test('garbage does not use up the limit, in a dry run as little as in the real one', async () => {
  for (const dryRun of [true, false]) {
    await using aws = await startRedrive();
    for (let number = 0; number < 9; number += 1) aws.send(`odd-${number}`, '{');
    for (let number = 0; number < 5; number += 1) aws.send(`${number}`, fixtureText('async-record'));
    for (const atOnce of [1, 4]) {
      const [done, left] = await aws.run('letters', { dryRun, limit: 2, atOnce });
      assert.deepEqual([done, left], [2, { 'is not JSON': 9 }]);
    }
  }
});

test('a dry run foresees what stays in quarantine, and only what is meant is looked at', async () => {
  await using aws = await startRedrive();
  const quarantine = createS3Quarantine({ client: aws.s3, bucket: 'quarantine' });
  const sample = '{"samples":[{"t":1,"rVibration_Temp":40,"probability":0.1}]}';
  const bodies = ['{', sample, 'x'].map((text, index) =>
    raw({ body: Buffer.from(text), receivedAt: 100 + index }),
  );
  await quarantine.put(bodies.map((message) => ({ raw: message, rejections: [rejection()] })));
  assert.deepEqual(await aws.run('quarantine', { dryRun: true }), [
    1,
    { 'still not understood (not-json)': 2 },
  ]);
  const isMeant = (item: Parameters<typeof aboutOf>[0]): boolean =>
    isSelected(aboutOf(item), { sinceMs: 102 });
  assert.deepEqual(await aws.run('quarantine', { dryRun: true, isMeant }), [
    0,
    { 'still not understood (not-json)': 1 },
  ]);
});
