import {
  type CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';

/** Notes every call in a file, then fails for as long as a file says so; `store` understands what is JSON. */
const CODE = `
const fs = require('node:fs');
exports.handler = async (event) => {
  fs.appendFileSync(process.env.CALLS, JSON.stringify({ name: process.env.NAME, event }) + '\\n');
  if (fs.existsSync(process.env.BROKEN)) throw new Error('the table is not there');
  if (process.env.NAME !== 'store') return {};
  try {
    JSON.parse(Buffer.from(event.body, 'base64').toString());
    return { stored: 1, repeated: 0, quarantined: 0 };
  } catch {
    return { stored: 0, repeated: 0, quarantined: 1 };
  }
};
`;

const FUNCTIONS = ['store', 'watch', 'command', 'twin'] as const;

type Files = Readonly<{ calls: string; broken: string }>;

const resourcesOf = (stack: string, { calls, broken }: Files) => {
  const functions = FUNCTIONS.flatMap((name) => [
    [
      `Function${name}`,
      {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: `${stack}-${name}`,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: CODE },
          Environment: { Variables: { NAME: name, CALLS: calls, BROKEN: broken } },
        },
      },
    ],
    [
      `Failures${name}`,
      {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: `Function${name}` },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Letters', 'Arn'] } } },
        },
      },
    ],
  ]);
  const role = (service: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      },
    },
  });
  return {
    Role: role('lambda.amazonaws.com'),
    RuleRole: role('iot.amazonaws.com'),
    Letters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${stack}-dead-letters` } },
    Failed: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${stack}-failed` } },
    Quarantine: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${stack}-quarantine` } },
    Rule: {
      Type: 'AWS::IoT::TopicRule',
      Properties: {
        RuleName: 'unreachable',
        TopicRulePayload: {
          Sql: "SELECT encode(*, 'base64') AS body FROM 'greengrass/ml/inference/#'",
          AwsIotSqlVersion: '2016-03-23',
          Actions: [
            {
              Sqs: {
                QueueUrl: 'http://127.0.0.1/000000000000/there-is-none',
                RoleArn: { 'Fn::GetAtt': ['RuleRole', 'Arn'] },
              },
            },
          ],
          ErrorAction: {
            Sqs: { QueueUrl: { Ref: 'Letters' }, RoleArn: { 'Fn::GetAtt': ['RuleRole', 'Arn'] } },
          },
        },
      },
    },
    ...Object.fromEntries(functions),
  };
};

/** Deploys a stack with the outputs and function names of ours, whose functions only note that they were called. */
export const deployRecordingStack = async (
  client: CloudFormationClient,
  stack: string,
  files: Files,
): Promise<void> => {
  const template = {
    Resources: resourcesOf(stack, files),
    Outputs: {
      DeadLetterQueueUrl: { Value: { Ref: 'Letters' } },
      FailedBatchesBucketName: { Value: { Ref: 'Failed' } },
      QuarantineBucketName: { Value: { Ref: 'Quarantine' } },
    },
  };
  await client.send(
    new CreateStackCommand({
      StackName: stack,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1 }, { StackName: stack });
};
