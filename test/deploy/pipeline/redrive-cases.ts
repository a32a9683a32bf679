import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { failedBatch } from '../../event-source/failed-batch.ts';
import { type LineMessage, messagesOf } from '../stack/cylinder-message.ts';
import type { Stack } from '../stack/deploy-stage.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';
import { redrive, redriveUntilStored } from '../stack/redrive.ts';
import type { StreamHop } from '../stack/stream-hop.ts';

const SHARD = 'shardId-000000000000';

/** A record as Lambda hands it to a function. */
const kinesisRecord = ({ topic, payload }: LineMessage, index: number) => {
  const event = { body: btoa(payload), topic, receivedAt: Date.now(), client: 'line-3' };
  const sequenceNumber = `4954${String(index).padStart(52, '0')}`;
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: topic,
      sequenceNumber,
      data: btoa(JSON.stringify(event)),
      approximateArrivalTimestamp: Date.now() / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${SHARD}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/lambda-role',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:000000000000:stream/inference',
  };
};

/** What waits because it could not be put on the stream, or was read from it in vain, and is put back. */
export const redriveCases = (plant: () => Plant<Stack>, hop: (() => StreamHop) | null = null): void => {
  const isWhole = async (cylinder: string): Promise<void> => {
    const { everything, store } = plant();
    assert.deepEqual(wordsOf(await everything.of(cylinder, 1)), ['RAISED advisory']);
    await eventually(
      () => store.count((name) => name === cylinder),
      (count) => count === 20,
    );
  };
  const course = { gateway: 'line-4', pattern: `${'n'.repeat(10)}${'A'.repeat(10)}` };

  if (hop !== null) {
    test('messages that the stream did not take wait as dead letters, and redrive makes an incident of them', async () => {
      const { stack, publish, deadLetters, store } = plant();
      const cylinder = stack.cylinder('full-01');
      const messages = messagesOf({ ...course, cylinder, from: secondsAgo(30) });
      hop().refuse(true);
      for (const message of messages) await publish(message);
      await eventually(deadLetters, (letters) => letters >= messages.length);
      hop().refuse(false);
      const count = () => store.count((name) => name === cylinder);
      assert.equal(await count(), 0);
      await redriveUntilStored(stack, deadLetters, count, 20);
      await isWhole(cylinder);
      await eventually(deadLetters, (letters) => letters === 0);
    });
  }

  test('batches that were given up are given to their functions again', async () => {
    const { stack, topic } = plant();
    const cylinder = stack.cylinder('given-up-01');
    const records = messagesOf({ ...course, cylinder, from: secondsAgo(30) })
      .map((message) => ({ ...message, topic: topic(message.topic) }))
      .map(kinesisRecord);
    const s3 = new S3Client({ ...stack.client, forcePathStyle: true });
    for (const [number, name] of ['store', 'watch'].entries()) {
      const { key, document } = failedBatch({
        source: 'aws:kinesis',
        functionName: `${stack.name}-${name}`,
        shard: SHARD,
        condition: 'RecordAgeExceeded',
        invocations: 9,
        now: Date.now(),
        number,
        sequences: records.map(({ kinesis }) => kinesis.sequenceNumber),
        event: { Records: records },
      });
      const Bucket = stack.output('FailedBatchesBucketName');
      await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: JSON.stringify(document) }));
    }
    assert.match(await redrive(stack, 'failed-batches'), /\n2 put back, 0 left\s*$/);
    await isWhole(cylinder);
  });
};
