import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IoTClient, ListTopicRulesCommand } from '@aws-sdk/client-iot';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { askJson, askQuery } from './ask-aws.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { isOfHop } from './stream-hop.ts';

/** Names of all that an account holds, by kind. */
export type WhatIsThere = Readonly<Record<string, readonly string[]>>;

const logGroups = v.object({ logGroups: v.array(v.object({ logGroupName: v.string() })) });
const eventRules = v.object({ Rules: v.array(v.object({ Name: v.string() })) });

const streamNames = v.object({ StreamNames: v.array(v.string()) });

const named = <T>(items: readonly T[] | undefined, nameOf: (item: T) => string | undefined) =>
  (items ?? []).map((item) => nameOf(item) ?? '?').sort();

/** Looks at everything of the kinds that a stack of ours is made of. */
export const whatIsThere = async ({ client, endpoint, region }: DeployedStack): Promise<WhatIsThere> => {
  const lambda = new LambdaClient(client);
  const at = (service: string) => ({ endpoint, region, service });
  const [functions, mappings, rules, topics, queues, tables, buckets, groups, schedules, streams, roles] =
    await Promise.all([
      lambda.send(new ListFunctionsCommand({})),
      lambda.send(new ListEventSourceMappingsCommand({})),
      new IoTClient(client).send(new ListTopicRulesCommand({})),
      new SNSClient(client).send(new ListTopicsCommand({})),
      new SQSClient(client).send(new ListQueuesCommand({})),
      new DynamoDBClient(client).send(new ListTablesCommand({})),
      new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({})),
      askJson(at('logs'), 'Logs_20140328.DescribeLogGroups', {}),
      askJson(at('events'), 'AWSEvents.ListRules', {}),
      askJson(at('kinesis'), 'Kinesis_20131202.ListStreams', {}),
      askQuery(at('iam'), 'ListRoles', '2010-05-08'),
    ]);
  return {
    functions: named(functions.Functions, ({ FunctionName }) => FunctionName),
    eventSources: named(mappings.EventSourceMappings, ({ FunctionArn }) => FunctionArn),
    rules: named(
      rules.rules?.filter(({ ruleName }) => !isOfHop(ruleName)),
      ({ ruleName }) => ruleName,
    ),
    topics: named(topics.Topics, ({ TopicArn }) => TopicArn),
    queues: named(queues.QueueUrls, (url) => url.split('/').at(-1)),
    tables: named(tables.TableNames, (name) => name),
    buckets: named(buckets.Buckets, ({ Name }) => Name),
    logGroups: named(v.parse(logGroups, groups).logGroups, ({ logGroupName }) => logGroupName),
    schedules: named(v.parse(eventRules, schedules).Rules, ({ Name }) => Name),
    streams: v.parse(streamNames, streams).StreamNames,
    roles: [...roles.matchAll(/<RoleName>([^<]+)</g)].map(([, name]) => name ?? '?').sort(),
  };
};
