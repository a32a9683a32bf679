import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand, DynamoDBClient, waitUntilTableNotExists } from '@aws-sdk/client-dynamodb';
import { DeleteDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import type { Aws } from '../stack/deploy-stage.ts';
import { runSentinel } from '../stack/run-sentinel.ts';
import { runSls } from '../stack/run-sls.ts';

type Kept = Readonly<{ type: string; name: string }>;
type Settings = Aws['client'];

const template = v.object({
  Resources: v.record(v.string(), v.looseObject({ DeletionPolicy: v.optional(v.string(), 'Delete') })),
});

/** What a stack leaves behind by its template. */
const keptBy = async (cloudFormation: CloudFormationClient, StackName: string): Promise<readonly Kept[]> => {
  const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  const { Resources } = v.parse(template, JSON.parse(TemplateBody));
  const kept: Kept[] = [];
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName })) {
    for (const {
      LogicalResourceId = '',
      ResourceType = '',
      PhysicalResourceId = '',
    } of page.StackResourceSummaries ?? []) {
      const isKept = Resources[LogicalResourceId]?.DeletionPolicy.startsWith('Retain') ?? false;
      if (isKept && PhysicalResourceId !== '') kept.push({ type: ResourceType, name: PhysicalResourceId });
    }
  }
  return kept;
};

const deleteBucket = async (settings: Settings, Bucket: string): Promise<void> => {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
};

const DELETE: Readonly<Record<string, (settings: Settings, name: string) => Promise<unknown>>> = {
  'AWS::S3::Bucket': deleteBucket,
  'AWS::DynamoDB::Table': async (settings, TableName) => {
    const client = new DynamoDBClient(settings);
    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client, maxWaitTime: 600 }, { TableName });
  },
  'AWS::KinesisFirehose::DeliveryStream': (settings, DeliveryStreamName) =>
    new FirehoseClient(settings).send(
      new DeleteDeliveryStreamCommand({ DeliveryStreamName, AllowForceDelete: true }),
    ),
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Takes a stage away with all that a stack leaves behind on purpose: shadows, the ledger, buckets with what is in them,
 * Firehose streams, the queues of the suite. Goes on where a step fails; gives a line for each thing that stayed.
 */
export const cleanUp = async (
  { client, env, region }: Aws,
  stage: string,
  parameters: readonly string[],
): Promise<readonly string[]> => {
  const name = `cylinder-sentinel-${stage}`;
  const stayed: string[] = [];
  const step = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      stayed.push(`${what}: ${messageOf(error)}`);
    }
  };
  const cloudFormation = new CloudFormationClient(client);
  let kept: readonly Kept[] = [];
  await step(`what the stack ${name} keeps could not be read`, async () => {
    kept = await keptBy(cloudFormation, name);
  });
  await step('shadows of its cylinders', async () => {
    const { code, err } = await runSentinel(['purge', '--all', '--yes', '--stage', stage], env);
    if (code !== 0) throw new Error(err);
  });
  await step(`the stack ${name}, which goes on costing`, () =>
    runSls(['remove', '--stage', stage, '--region', region, ...parameters], env),
  );
  for (const one of kept) {
    const remove = DELETE[one.type];
    const what = `${one.type} ${one.name}`;
    if (remove === undefined) stayed.push(`${what}, which costs nothing: delete it in the console`);
    else await step(what, () => remove(client, one.name));
  }
  await step('queues of the suite', async () => {
    const sqs = new SQSClient(client);
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: `${name}-` }));
    for (const QueueUrl of QueueUrls) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
  const { Stacks = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: name }))
    .catch(() => ({ Stacks: [] }));
  for (const { StackStatus } of Stacks)
    if (StackStatus !== 'DELETE_COMPLETE') stayed.push(`the stack ${name} (${StackStatus})`);
  return stayed;
};
