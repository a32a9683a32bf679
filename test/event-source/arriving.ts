import { createHash } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import type { StreamRecord } from './stream-source.ts';

/** What the IoT rule hands over of a message. */
export type RuleDocument = Readonly<{
  body: string;
  topic: string;
  receivedAt: number;
  client: string | null;
}>;

const SHARDS = 2;

const shardOf = (key: string): string =>
  `shardId-${String((createHash('md5').update(key).digest()[0] ?? 0) % SHARDS).padStart(12, '0')}`;

const EQUAL_WIDTH = 56;

/** A message as the rule's action puts it on the inference stream: its partition key is the topic. */
export const kinesisRecord = (document: RuleDocument, number: number): StreamRecord => {
  const sequence = String(number).padStart(EQUAL_WIDTH, '0');
  const { topic, receivedAt } = document;
  const shard = shardOf(topic);
  return {
    sequence,
    shard,
    lane: topic,
    arrivedAt: receivedAt,
    record: {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: topic,
        sequenceNumber: sequence,
        data: Buffer.from(JSON.stringify(document)).toString('base64'),
        approximateArrivalTimestamp: receivedAt / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shard}:${sequence}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/store',
      awsRegion: 'eu-west-1',
      eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/inference',
    },
  };
};

/** A change of the table as its stream holds it: items of one partition in one shard. */
export const ledgerRecord = (record: DynamoDBRecord, arrivedAt: number): StreamRecord => {
  const { Keys = {}, SequenceNumber = '' } = record.dynamodb ?? {};
  return {
    sequence: SequenceNumber,
    shard: shardOf(String(Keys.pk?.S)),
    lane: JSON.stringify(Keys),
    arrivedAt,
    record,
  };
};
