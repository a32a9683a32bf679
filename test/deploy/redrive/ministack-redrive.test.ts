import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createS3Quarantine } from '../../../aws/s3/quarantine.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { fixture } from '../../cli/redrive/fixture.ts';
import { runSentinel } from '../../cli/run-sentinel.ts';
import { raw, rejection } from '../../contract/quarantine-contract.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { startMinistack } from '../emulator/start-ministack.ts';
import { deployRecordingStack } from './recording-stack.ts';

const STACK = 'cylinder-sentinel-redrive';
const folder = mkdtempSync(join(scratchFolder(), 'redrive-'));
const files = { calls: join(folder, 'calls'), broken: join(folder, 'broken') };

const ministack = await startMinistack();
after(() => ministack.stop());
const settings = clientSettings(ministack.endpoint);
const sqs = new SQSClient(settings);
const s3 = new S3Client({ ...settings, forcePathStyle: true });

const redrive = (...args: readonly string[]) =>
  runSentinel(['redrive', '--stage', 'redrive', '--endpoint', ministack.endpoint, ...args]);

const lettersInQueue = async (): Promise<number> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `${ministack.endpoint}/000000000000/${STACK}-dead-letters`,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
};

const untilLetters = async (count: number): Promise<void> => {
  for (let tries = 0; (await lettersInQueue()) < count; tries += 1) {
    assert.ok(tries < 1200, `there are not ${count} letters after 2 min:\n${ministack.output()}`);
    await sleep(100);
  }
};

/** The calls since they were asked for last. */
const newCalls = (): readonly Readonly<{ name: string; event: Record<string, unknown> }>[] => {
  const lines = existsSync(files.calls) ? readFileSync(files.calls, 'utf8').trim().split('\n') : [];
  rmSync(files.calls, { force: true });
  return lines.map((line) => JSON.parse(line));
};

const keysIn = async (bucket: string): Promise<number> =>
  (await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount ?? 0;

before(() => deployRecordingStack(new CloudFormationClient(settings), STACK, files));

describe('sentinel redrive on ministack', { timeout: 300_000 }, () => {
  test('a call that failed for good is a letter, stays while the function is broken, and goes once it is mended', async () => {
    writeFileSync(files.broken, '');
    const event = {
      body: 'e30=',
      topic: 'greengrass/ml/inference/line-3/cyl-07',
      receivedAt: 1,
      client: null,
    };
    await new LambdaClient(settings).send(
      new InvokeCommand({
        FunctionName: `${STACK}-store`,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    await untilLetters(1);
    newCalls();
    const broken = await redrive();
    assert.deepEqual(
      [broken.code, broken.out.split('\n').at(-1)],
      [1, `0 put back, 1 left (1 ${STACK}-store failed: the table is not there)`],
    );
    assert.equal(await lettersInQueue(), 1);
    rmSync(files.broken);
    newCalls();
    const mended = await redrive();
    assert.deepEqual([mended.code, mended.out.split('\n').at(-1)], [0, '1 put back, 0 left']);
    assert.deepEqual(newCalls(), [{ name: 'store', event }]);
    assert.equal(await lettersInQueue(), 0);
  });

  test('a message that a rule could not deliver reaches both functions with its bytes', async () => {
    const payload = Uint8Array.of(0, 255, 10, 123, 200);
    const topic = 'greengrass/ml/inference/line-3/cyl-07';
    const before = Date.now();
    await new IoTDataPlaneClient(settings).send(new PublishCommand({ topic, payload, qos: 1 }));
    await untilLetters(1);
    newCalls();
    const { code } = await redrive('--from', 'dead-letters');
    assert.equal(code, 0);
    const calls = newCalls();
    assert.deepEqual(
      calls.map(({ name, event }) => [name, event.topic, event.body]),
      ['store', 'watch'].map((name) => [name, topic, Buffer.from(payload).toString('base64')]),
    );
    const receivedAt = Number(calls[0]?.event.receivedAt);
    assert.ok(receivedAt >= before - 1000 && receivedAt <= Date.now() + 1000, `${receivedAt}`);
  });

  test('a failed batch of a stream is given to its function again', async () => {
    const text = JSON.stringify(fixture('failed-dynamodb-batch')).replaceAll('cylinder-sentinel-dev', STACK);
    const Key = 'aws/lambda/5c1f/shardId-00000001573689847184-864758bb/2025/11/22/2025-11-22T08.13.49-1';
    await s3.send(new PutObjectCommand({ Bucket: `${STACK}-failed`, Key, Body: text }));
    newCalls();
    const { out } = await redrive('--from', 'failed-batches');
    assert.match(out, /\n1 put back, 0 left$/);
    assert.deepEqual(newCalls(), [
      { name: 'twin', event: { ...JSON.parse(fixture('failed-dynamodb-batch').payload), redriven: true } },
    ]);
    assert.equal(await keysIn(`${STACK}-failed`), 0);
  });

  test('of the quarantine goes what is understood now', async () => {
    const bucket = `${STACK}-quarantine`;
    await createS3Quarantine({ client: s3, bucket }).put(
      ['{}', 'garbage', '[]'].map((text) => ({
        raw: raw({ body: Buffer.from(text) }),
        rejections: [rejection()],
      })),
    );
    const { code, out } = await redrive('--from', 'quarantine');
    assert.deepEqual(
      [code, out.split('\n').at(-1)],
      [1, '2 put back, 1 left (1 still not understood (not-utf8))'],
    );
    assert.equal(await keysIn(bucket), 1);
  });
});
