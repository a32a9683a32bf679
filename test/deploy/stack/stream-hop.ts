import {
  CreateTopicRuleCommand,
  GetTopicRuleCommand,
  IoTClient,
  type KinesisAction,
  ResourceNotFoundException,
  type TopicRule,
  UnauthorizedException,
} from '@aws-sdk/client-iot';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { askJson } from './ask-aws.ts';
import { connectLine } from './line-client.ts';

/**
 * The one hop that the emulator leaves out: a rule's action that writes to a Kinesis stream. A second rule with the SQL of
 * the first publishes what the emulator selects, and this puts it on the stream for as long as the first says so.
 */
export type StreamHop = Readonly<{
  /** Says that the stream takes nothing, as one does whose shards are full: messages go to the rule's error action. */
  refuse(isRefusing: boolean): void;
  /** How many messages it has put on the stream. */
  puts(): number;
  /** How many messages it has dealt with, as the rule had it. */
  handled(): number;
  /** Rejects with what went wrong with the hop itself. */
  stop(): Promise<void>;
}>;

type Where = Readonly<{
  endpoint: string;
  region: string;
  client: ConstructorParameters<typeof IoTClient>[0];
}>;

const SECOND = '_selected';

/** Whether a rule is the second one of this hop. */
export const isOfHop = (ruleName: string | undefined): boolean => ruleName?.endsWith(SECOND) ?? false;

/** What a request of Kinesis takes: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const AT_ONCE = 500;

const selected = v.looseObject({ topic: v.string(), body: v.pipe(v.string(), v.base64()) });

/** The record that an action puts on a stream for what was selected; throws where this cannot say what AWS would put. */
export const recordOf = ({ partitionKey }: KinesisAction, event: unknown) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of AWS IoT
  if (partitionKey !== '${topic()}') throw new Error(`what is the partition key ${partitionKey}?`);
  const { topic } = v.parse(selected, event);
  return { Data: Buffer.from(JSON.stringify(event)).toString('base64'), PartitionKey: topic };
};

/**
 * The document that an error action gets.
 * https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
 */
const errorOf = (ruleName: string, { streamName }: KinesisAction, event: unknown): string => {
  const { topic, body } = v.parse(selected, event);
  return JSON.stringify({
    ruleName,
    topic,
    cloudwatchTraceId: '7e146a2c-95b5-6caf-98b9-50e3969734c7',
    clientId: 'N/A',
    base64OriginalPayload: body,
    failures: [
      {
        failedAction: 'KinesisAction',
        failedResource: streamName,
        errorMessage: 'Rate exceeded for shard (ProvisionedThroughputExceededException)',
      },
    ],
  });
};

/** Stands in for the action of a deployed rule. */
export const startStreamHop = async (where: Where, ruleName: string): Promise<StreamHop> => {
  const iot = new IoTClient(where.client ?? {});
  const sqs = new SQSClient(where.client ?? {});
  const deployed = async (): Promise<TopicRule | null> => {
    try {
      return (await iot.send(new GetTopicRuleCommand({ ruleName }))).rule ?? null;
    } catch (error) {
      if (error instanceof ResourceNotFoundException || error instanceof UnauthorizedException) return null;
      throw error;
    }
  };
  const atStart = await deployed();
  if (atStart === null) throw new Error(`there is no rule ${ruleName}`);
  const { sql, awsIotSqlVersion, errorAction } = atStart;
  const topic = `hop/${ruleName}`;
  const republish = { topic, qos: 1, roleArn: errorAction?.sqs?.roleArn };
  await iot.send(
    new CreateTopicRuleCommand({
      ruleName: `${ruleName}${SECOND}`,
      topicRulePayload: { sql, awsIotSqlVersion, actions: [{ republish }] },
    }),
  );

  let isRefusing = false;
  let puts = 0;
  let handled = 0;
  let failure: unknown = null;
  const waiting: unknown[] = [];

  const hand = async (events: readonly unknown[]): Promise<void> => {
    // The rule may have changed since it was fired: then both ways bring the message, as while a stack is updated.
    const rule = await deployed();
    if (rule === null) return;
    if (rule.sql !== sql) throw new Error(`the rule selects otherwise now: ${rule.sql}`);
    for (const { kinesis } of rule.actions ?? []) {
      if (kinesis === undefined) continue;
      if (isRefusing) {
        for (const event of events) {
          const MessageBody = errorOf(ruleName, kinesis, event);
          await sqs.send(new SendMessageCommand({ QueueUrl: rule.errorAction?.sqs?.queueUrl, MessageBody }));
        }
        continue;
      }
      const Records = events.map((event) => recordOf(kinesis, event));
      const input = { StreamName: kinesis.streamName, Records };
      await askJson({ ...where, service: 'kinesis' }, 'Kinesis_20131202.PutRecords', input);
      puts += events.length;
    }
  };

  let handing = Promise.resolve();
  const line = await connectLine(where, `hop-${ruleName}`);
  await line.subscribe(topic, (payload) => {
    waiting.push(JSON.parse(payload));
    handing = handing
      .then(async () => {
        const events = waiting.splice(0, AT_ONCE);
        if (events.length > 0) await hand(events);
        handled += events.length;
      })
      .catch((error: unknown) => {
        failure ??= error;
      });
  });
  return {
    refuse: (next) => {
      isRefusing = next;
    },
    puts: () => puts,
    handled: () => handled,
    async stop() {
      await line.close();
      await handing;
      if (failure !== null) throw new Error('the hop to the stream failed', { cause: failure });
    },
  };
};
