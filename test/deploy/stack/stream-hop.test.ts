import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateTopicRuleCommand, IoTClient, ReplaceTopicRuleCommand } from '@aws-sdk/client-iot';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { clientSettings } from '../../aws/start-server.ts';
import { type Ministack, startMinistack } from '../emulator/start-ministack.ts';
import { packageStack } from '../template/package-stack.ts';
import { askJson } from './ask-aws.ts';
import { eventually } from './eventually.ts';
import { connectLine } from './line-client.ts';
import { recordOf, type StreamHop, startStreamHop } from './stream-hop.ts';

const RULE = 'inference';
const STREAM = 'inference-stream';
const TOPIC = 'greengrass/ml/inference/line-3/cyl-07';
const BYTES = Uint8Array.of(0, 255, 10, 123, 200);

const packaged = v.object({
  TopicRulePayload: v.object({
    Sql: v.string(),
    AwsIotSqlVersion: v.string(),
    Actions: v.tuple([v.object({ Kinesis: v.looseObject({ PartitionKey: v.string() }) })]),
  }),
});
const iterator = v.object({ ShardIterator: v.string() });
const page = v.object({ Records: v.array(v.object({ Data: v.string(), PartitionKey: v.string() })) });

describe('the hop from the rule to the stream', () => {
  let ministack: Ministack;
  let hop: StreamHop;
  let rule = { sql: '', awsIotSqlVersion: '', actions: [{}] };
  let queueUrl = '';
  const settings = () => ({ ...ministack, client: clientSettings(ministack.endpoint) });
  const kinesis = (operation: string, input: object) =>
    askJson({ ...ministack, service: 'kinesis' }, `Kinesis_20131202.${operation}`, input);
  const records = async () => {
    const from = { StreamName: STREAM, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
    const { Records } = v.parse(
      page,
      await kinesis('GetRecords', v.parse(iterator, await kinesis('GetShardIterator', from))),
    );
    return Records.map(({ Data, PartitionKey }) => ({
      PartitionKey,
      event: JSON.parse(Buffer.from(Data, 'base64').toString('utf8')),
    }));
  };
  const publish = (payload: Uint8Array) =>
    new IoTDataPlaneClient(settings().client).send(new PublishCommand({ topic: TOPIC, payload, qos: 1 }));

  before(async () => {
    ministack = await startMinistack();
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-hop-'));
    const { Resources } = await packageStack({ store: 'lake' }, folder);
    await rm(folder, { recursive: true, force: true });
    const { Sql, AwsIotSqlVersion, Actions } = v.parse(
      packaged,
      Resources.InferenceRule?.Properties,
    ).TopicRulePayload;
    const roleArn = 'arn:aws:iam::000000000000:role/ingest';
    const { QueueUrl } = await new SQSClient(settings().client).send(
      new CreateQueueCommand({ QueueName: 'dead-letters' }),
    );
    queueUrl = QueueUrl ?? '';
    rule = {
      sql: Sql,
      awsIotSqlVersion: AwsIotSqlVersion,
      actions: [{ kinesis: { streamName: STREAM, partitionKey: Actions[0].Kinesis.PartitionKey, roleArn } }],
    };
    await kinesis('CreateStream', { StreamName: STREAM, ShardCount: 1 });
    const topicRulePayload = { ...rule, errorAction: { sqs: { queueUrl, roleArn } } };
    await new IoTClient(settings().client).send(
      new CreateTopicRuleCommand({ ruleName: RULE, topicRulePayload }),
    );
    hop = await startStreamHop(settings(), RULE);
  });
  after(async () => {
    await hop?.stop();
    await ministack?.stop();
  });

  test('puts on the stream what the packaged rule selects, with its partition key and in order', async () => {
    const before = Date.now();
    const line = await connectLine(ministack, 'line-3');
    await line.publish(TOPIC, BYTES);
    await line.publish(`${TOPIC}/`, '{"a":1}');
    await line.close();
    await publish(BYTES);
    const put = await eventually(records, ({ length }) => length === 3);
    const body = Buffer.from(BYTES).toString('base64');
    assert.deepEqual(
      put.map(({ PartitionKey, event: { receivedAt: _at, ...event } }) => ({ PartitionKey, ...event })),
      [
        { PartitionKey: TOPIC, body, topic: TOPIC, client: 'line-3' },
        { PartitionKey: `${TOPIC}/`, body: btoa('{"a":1}'), topic: `${TOPIC}/`, client: 'line-3' },
        { PartitionKey: TOPIC, body, topic: TOPIC, client: 'n/a' },
      ],
    );
    for (const { event } of put) assert.ok(event.receivedAt >= before && event.receivedAt <= Date.now());
    assert.equal(hop.puts(), 3);
  });

  test('gives the error action what the stream does not take', async () => {
    hop.refuse(true);
    await publish(BYTES);
    const sqs = new SQSClient(settings().client);
    const { Messages: [letter] = [] } = await eventually(
      () => sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl })),
      ({ Messages = [] }) => Messages.length > 0,
    );
    hop.refuse(false);
    const { topic, base64OriginalPayload } = JSON.parse(letter?.Body ?? '');
    assert.deepEqual([topic, base64OriginalPayload], [TOPIC, Buffer.from(BYTES).toString('base64')]);
    assert.equal(hop.puts(), 3);
  });

  test('puts nothing once the rule no longer says so', async () => {
    const topicRulePayload = { ...rule, actions: [] };
    await new IoTClient(settings().client).send(
      new ReplaceTopicRuleCommand({ ruleName: RULE, topicRulePayload }),
    );
    await publish(BYTES);
    await eventually(
      () => Promise.resolve(hop.handled()),
      (count) => count === 5,
    );
    assert.equal((await records()).length, 3);
  });
});

test('a partition key or a selection that the hop does not understand is noticed', () => {
  const action = { streamName: STREAM, roleArn: '' };
  const event = { topic: TOPIC, body: '' };
  assert.throws(() => recordOf({ ...action, partitionKey: 'all' }, event), /partition key all/);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of AWS IoT
  assert.throws(() => recordOf({ ...action, partitionKey: '${topic()}' }, { body: '' }), /topic/);
});
