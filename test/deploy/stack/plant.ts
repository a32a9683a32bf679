import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { readQuarantineText } from '../../../aws/s3/quarantine.ts';
import { INFERENCE_TOPIC } from '../../../domain/message/topic.ts';
import type { Ledger } from '../../../usecases/ports/ledger.ts';
import { type AlertInbox, subscribe } from './alert-inbox.ts';
import type { LineMessage } from './cylinder-message.ts';
import type { Stack } from './deploy-stage.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { eventually } from './eventually.ts';
import { type HandedOver, handOver } from './hand-over.ts';
import type { StoreReader } from './store-reader.ts';
import { type TwinsOfStack, twinsOf } from './twin-of.ts';

/** A message that was put into the quarantine. */
export type Quarantined = Readonly<{ topic: string; bytes: Buffer; reasons: string }>;

/** A plant on a deployed stack: what its people and machines do and see, through public interfaces alone. */
export type Plant<S extends Stack = DeployedStack> = Readonly<{
  stack: S;
  /** When the stack was there, ms. */
  openedAt: number;
  twins: TwinsOfStack;
  ledger: Ledger;
  store: StoreReader;
  /** Gets every alert. */
  everything: AlertInbox;
  /** Gets warnings of this site alone. */
  warnings: AlertInbox;
  /** Gets what is not of the cylinder `press-01`. */
  elsewhere: AlertInbox;
  /** Gets what is for operators alone. */
  operators: AlertInbox;
  /** Names of the subscribers' own queues, sorted. */
  queues: readonly string[];
  /** The topic of this stack for one under the default prefix. */
  topic(standard: string): string;
  /** Publishes one message over a connection, the next over the data plane, and so on, to the topics of this stack. */
  publish(message: Readonly<{ topic: string; payload: string | Uint8Array }>): Promise<void>;
  /** Calls functions with a message as the rule of AWS does; see `handOver`. */
  handOver(functions: readonly ('store' | 'watch')[], message: HandedOver): Promise<void>;
  /** Publishes messages of one cylinder, each when the one before has been watched. */
  play(cylinder: string, messages: readonly LineMessage[]): Promise<void>;
  quarantined(): Promise<readonly Quarantined[]>;
  deadLetters(): Promise<number>;
  close(): Promise<void>;
}>;

/** Goes to work on a stack. */
export const openPlant = async <S extends Stack>(stack: S, store: StoreReader): Promise<Plant<S>> => {
  const line = await stack.connect('line-3');
  const dataPlane = new IoTDataPlaneClient(stack.client);
  const lambda = new LambdaClient(stack.client);
  const s3 = new S3Client({ ...stack.client, forcePathStyle: true });
  const sqs = new SQSClient(stack.client);
  const clients = { sns: new SNSClient(stack.client), sqs };
  const ledger = createDynamoLedger({
    client: new DynamoDBClient(stack.client),
    table: stack.output('LedgerTableName'),
  });
  const versionOf = async (cylinder: string): Promise<number> =>
    (await ledger.cylinders([cylinder])).get(cylinder)?.version ?? 0;
  const topic = stack.output('AlertTopicArn');
  const prefix = stack.output('InferenceTopicFilter').slice(0, -'/#'.length);
  const inbox = (name: string) => `${stack.name}-${name}`;
  const others = [{ 'anything-but': [stack.cylinder('press-01')] }];
  let published = 0;
  const topicOf = (standard: string): string => standard.replace(INFERENCE_TOPIC, prefix);
  const publish: Plant['publish'] = async ({ topic: standard, payload }) => {
    const to = topicOf(standard);
    published += 1;
    if (published % 2 === 1) return line.publish(to, payload);
    await dataPlane.send(new PublishCommand({ topic: to, payload: Buffer.from(payload), qos: 1 }));
  };
  return {
    stack,
    openedAt: Date.now(),
    store,
    twins: twinsOf(stack.client),
    ledger,
    everything: await subscribe(clients, topic, inbox('everything')),
    warnings: await subscribe(clients, topic, inbox('warnings'), { severity: ['warning'], site: ['hall-2'] }),
    elsewhere: await subscribe(clients, topic, inbox('elsewhere'), { cylinder: others }),
    operators: await subscribe(clients, stack.output('OperatorTopicArn'), inbox('operators')),
    queues: ['elsewhere', 'everything', 'operators', 'warnings'].map(inbox),
    topic: topicOf,
    publish,
    handOver: (functions, message) => handOver(lambda, stack.name, functions, message),
    async play(cylinder, messages) {
      for (const message of messages) {
        const before = await versionOf(cylinder);
        await publish(message);
        await eventually(
          () => versionOf(cylinder),
          (version) => version > before,
        );
      }
    },
    async quarantined() {
      const Bucket = stack.output('QuarantineBucketName');
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'quarantine/' }));
      return Promise.all(
        Contents.map(async ({ Key }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
          const kept = readQuarantineText((await Body?.transformToString()) ?? '');
          if (kept === null) throw new Error(`${Key} is nothing that was put into the quarantine`);
          return {
            topic: kept.raw.topic.replace(prefix, INFERENCE_TOPIC),
            bytes: Buffer.from(kept.raw.body),
            reasons: JSON.stringify(kept.rejections),
          };
        }),
      );
    },
    async deadLetters() {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: stack.output('DeadLetterQueueUrl'),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    },
    close: line.close,
  };
};

/** The start of a second so many before now, ms. */
export const secondsAgo = (seconds: number): number => Math.floor(Date.now() / 1000 - seconds) * 1000;

/** Kind and severity of alerts, in their order. */
export const wordsOf = (
  alerts: readonly Readonly<{ attributes: Readonly<Record<string, string | undefined>> }>[],
): readonly string[] => alerts.map(({ attributes: { kind, severity = '' } }) => `${kind} ${severity}`.trim());
