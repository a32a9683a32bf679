import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createS3Quarantine, quarantineText } from '../../../aws/s3/quarantine.ts';
import { aboutOf, isSelected } from '../../../cli/redrive/put-back.ts';
import { raw, rejection } from '../../contract/quarantine-contract.ts';
import { fixture, fixtureText, STACK } from './fixture.ts';
import { startRedrive } from './start-redrive.ts';

const names = (calls: readonly Readonly<{ name: string }>[]) =>
  calls.map(({ name }) => name.slice(STACK.length + 1));

describe('dead letters', () => {
  test('are called again, rules by both functions, and are gone when all went well', async () => {
    await using aws = await startRedrive();
    aws.send('a', fixtureText('async-record'));
    aws.send('b', fixtureText('rule-error'));
    assert.deepEqual(await aws.run('letters'), [2, {}]);
    assert.deepEqual(names(aws.calls), ['store', 'store', 'watch']);
    assert.deepEqual(aws.calls[0]?.event, fixture('async-record').requestPayload);
    assert.deepEqual(aws.letters, []);
    assert.deepEqual(
      aws.lines[0],
      'put back: dead letter a: call of cylinder-sentinel-dev-store (RetriesExhausted)',
    );
    assert.deepEqual(await aws.run('letters'), [0, {}]);
  });

  test('stay, to be seen by all, where a function fails again; the others go on', async () => {
    await using aws = await startRedrive();
    for (let number = 0; number < 25; number += 1) aws.send(`${number}`, fixtureText('rule-error'));
    let watched = 0;
    aws.control.function = ({ name }) => {
      if (name.endsWith('-watch')) watched += 1;
      return watched === 12 && name.endsWith('-watch')
        ? { error: 'the ledger is not there' }
        : { answer: {} };
    };
    const failure = 'cylinder-sentinel-dev-watch failed: the ledger is not there';
    assert.deepEqual(await aws.run('letters'), [24, { [failure]: 1 }]);
    assert.deepEqual(
      aws.letters.map(({ id, hidden }) => [id, hidden]),
      [['11', false]],
    );
    assert.deepEqual(await aws.run('letters'), [1, {}]);
  });

  test('that are not understood stay and are named', async () => {
    await using aws = await startRedrive();
    aws.send('odd', '{"hello":"world"}');
    aws.send('b', fixtureText('async-record'));
    assert.deepEqual(await aws.run('letters'), [
      1,
      { 'is neither a failed call of a function nor a failed action of a rule': 1 },
    ]);
    assert.match(aws.lines[0] ?? '', /^left: dead letter odd: is neither/);
    assert.deepEqual(
      aws.letters.map(({ id, hidden }) => [id, hidden]),
      [['odd', false]],
    );
  });

  test('are only named by a dry run, and all seen again', async () => {
    await using aws = await startRedrive();
    aws.send('odd', '{');
    for (let number = 0; number < 12; number += 1) aws.send(`${number}`, fixtureText('async-record'));
    assert.deepEqual(await aws.run('letters', { dryRun: true }), [12, { 'is not JSON': 1 }]);
    assert.deepEqual(
      [aws.calls, aws.letters.length, aws.letters.some(({ hidden }) => hidden)],
      [[], 13, false],
    );
    assert.match(aws.lines[1] ?? '', /^would be put back: dead letter 0: call of/);
  });

  test('are not looked at beyond the limit', async () => {
    await using aws = await startRedrive();
    for (let number = 0; number < 4; number += 1) aws.send(`${number}`, fixtureText('async-record'));
    assert.deepEqual(await aws.run('letters', { limit: 3 }), [3, {}]);
    assert.deepEqual(
      aws.letters.map(({ id, hidden }) => [id, hidden]),
      [['3', false]],
    );
  });

  test('that come after a stop stay where they are, and the one at hand is finished', async () => {
    await using aws = await startRedrive();
    for (let number = 0; number < 4; number += 1) aws.send(`${number}`, fixtureText('rule-error'));
    const controller = new AbortController();
    aws.control.function = () => {
      controller.abort();
      return { answer: {} };
    };
    assert.deepEqual(await aws.run('letters', { signal: controller.signal }), [1, {}]);
    assert.deepEqual(names(aws.calls), ['store', 'watch']);
    assert.deepEqual(
      aws.letters.map(({ id, hidden }) => [id, hidden]),
      ['1', '2', '3'].map((id) => [id, false]),
    );
  });

  test('stay where nobody may call the function, and the run ends and says so', async () => {
    await using aws = await startRedrive();
    aws.send('a', fixtureText('async-record'));
    aws.send('b', fixtureText('async-record'));
    aws.control.function = () => ({ status: 403, code: 'AccessDeniedException' });
    await assert.rejects(
      aws.run('letters'),
      /cylinder-sentinel-dev-store was not called: access denied: words/,
    );
    assert.deepEqual([aws.calls.length, aws.letters.map(({ hidden }) => hidden)], [1, [false, false]]);
  });

  test('stay where Lambda has no room for them now, or no such function', async () => {
    await using aws = await startRedrive();
    aws.send('a', fixtureText('async-record'));
    aws.send('b', fixtureText('async-record'));
    aws.control.function = () =>
      aws.calls.length === 1
        ? { status: 429, code: 'TooManyRequestsException' }
        : { status: 404, code: 'ResourceNotFoundException' };
    const [done, left] = await aws.run('letters');
    assert.deepEqual([done, Object.keys(Object(left)).length, aws.letters.length], [0, 2, 2]);
  });
});

describe('failed batches', () => {
  const key = (name: string) => `/failed/aws/lambda/5c1f/shardId-000000000001/2025/11/22/${name}`;

  test('are given to their function again, page by page, and are gone when all went well', async () => {
    await using aws = await startRedrive();
    for (let number = 0; number < 7; number += 1)
      aws.objects.set(key(`${number}`), Buffer.from(fixtureText('failed-kinesis-batch')));
    aws.objects.set('/failed/elsewhere', Buffer.from('x'));
    aws.control.function = () => ({ answer: { batchItemFailures: [] } });
    assert.deepEqual(await aws.run('batches'), [7, {}]);
    assert.deepEqual(aws.calls[0], {
      name: 'cylinder-sentinel-dev-watch',
      event: { ...JSON.parse(fixture('failed-kinesis-batch').payload), redriven: true },
    });
    assert.deepEqual([...aws.objects.keys()], ['/failed/elsewhere']);
  });

  test('stay where some of their records fail again, or where there are no records in them', async () => {
    await using aws = await startRedrive();
    aws.objects.set(key('1'), Buffer.from(fixtureText('failed-dynamodb-batch')));
    aws.objects.set(key('2'), Buffer.from('{}'));
    aws.control.function = () => ({ answer: { batchItemFailures: [{ itemIdentifier: '8' }] } });
    assert.deepEqual(await aws.run('batches'), [
      0,
      {
        'cylinder-sentinel-dev-twin failed at 1 of its records': 1,
        'is not what Lambda writes about a failed batch': 1,
      },
    ]);
    assert.equal(aws.objects.size, 2);
  });
});

test('messages in quarantine go once they are understood, and stay as they are until then', async () => {
  await using aws = await startRedrive();
  const quarantine = createS3Quarantine({ client: aws.s3, bucket: 'quarantine' });
  const messages = ['{', '{"t":1}', 'x'].map((text, index) =>
    raw({ body: Buffer.from(text), receivedAt: index }),
  );
  await quarantine.put(messages.map((message) => ({ raw: message, rejections: [rejection()] })));
  // The function as it is: what it does not understand it puts back where it was.
  aws.control.function = async ({ name, event }) => {
    const { body, topic, receivedAt, client } = Object(event);
    const text = Buffer.from(body, 'base64').toString();
    if (text === '{"t":1}') return { answer: { stored: 1, repeated: 0, quarantined: 0 } };
    if (name.endsWith('-store')) {
      const message = { body: Buffer.from(body, 'base64'), topic, receivedAt, client };
      await quarantine.put([{ raw: message, rejections: [rejection()] }]);
    }
    return { answer: { stored: 0, repeated: 0, quarantined: 1 } };
  };
  assert.deepEqual(await aws.run('quarantine'), [1, { 'still not understood (not-utf8)': 2 }]);
  assert.equal(aws.objects.size, 2);
  assert.deepEqual(await aws.run('quarantine'), [0, { 'still not understood (not-utf8)': 2 }]);
});

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
