import { type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventually } from './eventually.ts';

/** A notice as a subscriber got it. */
export type Alert = Readonly<{
  message: unknown;
  attributes: Readonly<Record<string, string | undefined>>;
  /** When it was put into the subscriber's queue, ms. */
  sentAt: number;
}>;

/** A subscriber to the topic of alerts. */
export type AlertInbox = Readonly<{
  /** All that came so far, oldest first. */
  read(): Promise<readonly Alert[]>;
  /** Waits until as many as wanted came from one cylinder; more than that are returned as well. */
  of(cylinder: string, count: number): Promise<readonly Alert[]>;
}>;

type Clients = Readonly<{ sns: SNSClient; sqs: SQSClient }>;

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** Subscribes a queue to a topic, as a plant's own system would; the filter is one of SNS's filter policies. */
export const subscribe = async (
  { sns, sqs }: Clients,
  topicArn: string,
  name: string,
  filter?: Readonly<Record<string, readonly unknown[]>>,
): Promise<AlertInbox> => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: Attributes?.QueueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(policy) } }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: {
        RawMessageDelivery: 'true',
        ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter) }),
      },
    }),
  );
  const alerts: Alert[] = [];
  const read = async (): Promise<readonly Alert[]> => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      if (Messages.length === 0) return alerts;
      for (const { Body = '', MessageAttributes = {}, Attributes: system } of Messages) {
        const attributes = Object.fromEntries(
          Object.entries(MessageAttributes).map(([key, { StringValue }]) => [key, StringValue]),
        );
        alerts.push({ message: parse(Body), attributes, sentAt: Number(system?.SentTimestamp) });
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  const ofCylinder = async (cylinder: string) =>
    (await read()).filter(({ attributes }) => attributes.cylinder === cylinder);
  return {
    read,
    of: (cylinder, count) =>
      eventually(
        () => ofCylinder(cylinder),
        (found) => found.length >= count,
      ),
  };
};
