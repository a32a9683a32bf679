/** A rule of a service about one property: a range of numbers, or the values that there are. */
export type Limit = Readonly<{
  type: string;
  /** A path, see `valuesAt`. */
  property: string;
  /** The page that says so. */
  page: string;
}> &
  (Readonly<{ least: number; most: number }> | Readonly<{ values: readonly (string | number)[] }>);

const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/api';
const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const CALLS = 'AWS::Lambda::EventInvokeConfig';
const FUNCTION = 'AWS::Lambda::Function';
const ALARM = 'AWS::CloudWatch::Alarm';
const RULE = 'AWS::Events::Rule';
const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';
const S3 = 'ExtendedS3DestinationConfiguration';
const TABLE = 'AWS::Timestream::Table';

const mapping = `${LAMBDA}/API_CreateEventSourceMapping.html`;
const calls = `${LAMBDA}/API_PutFunctionEventInvokeConfig.html`;
const func = `${LAMBDA}/API_CreateFunction.html`;
const alarm = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html';
const retry = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html';
const hints = 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html';
const conversion = 'https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html';
const retention = 'https://docs.aws.amazon.com/timestream/latest/developerguide/API_RetentionProperties.html';
const dynamodb = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html';

/** The rules of the services about what the stack sets. */
export const SERVICE_LIMITS: readonly Limit[] = [
  { type: MAPPING, property: 'BatchSize', least: 1, most: 10_000, page: mapping },
  { type: MAPPING, property: 'MaximumBatchingWindowInSeconds', least: 0, most: 300, page: mapping },
  { type: MAPPING, property: 'ParallelizationFactor', least: 1, most: 10, page: mapping },
  { type: MAPPING, property: 'MaximumRetryAttempts', least: -1, most: 10_000, page: mapping },
  { type: MAPPING, property: 'MaximumRecordAgeInSeconds', least: -1, most: 604_800, page: mapping },
  {
    type: MAPPING,
    property: 'StartingPosition',
    values: ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'],
    page: mapping,
  },
  { type: MAPPING, property: 'FunctionResponseTypes.*', values: ['ReportBatchItemFailures'], page: mapping },
  { type: CALLS, property: 'MaximumEventAgeInSeconds', least: 60, most: 21_600, page: calls },
  { type: CALLS, property: 'MaximumRetryAttempts', least: 0, most: 2, page: calls },
  { type: FUNCTION, property: 'Timeout', least: 1, most: 900, page: func },
  { type: FUNCTION, property: 'MemorySize', least: 128, most: 10_240, page: func },
  { type: FUNCTION, property: 'Architectures.*', values: ['arm64', 'x86_64'], page: func },
  { type: FUNCTION, property: 'TracingConfig.Mode', values: ['Active', 'PassThrough'], page: func },
  { type: ALARM, property: 'DatapointsToAlarm', least: 1, most: 1440, page: alarm },
  {
    type: ALARM,
    property: 'Statistic',
    values: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'],
    page: alarm,
  },
  {
    type: ALARM,
    property: 'TreatMissingData',
    values: ['breaching', 'notBreaching', 'ignore', 'missing'],
    page: alarm,
  },
  {
    type: ALARM,
    property: 'ComparisonOperator',
    values: [
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ],
    page: alarm,
  },
  {
    type: RULE,
    property: 'Targets.*.RetryPolicy.MaximumEventAgeInSeconds',
    least: 60,
    most: 86_400,
    page: retry,
  },
  { type: RULE, property: 'Targets.*.RetryPolicy.MaximumRetryAttempts', least: 0, most: 185, page: retry },
  {
    type: 'AWS::SQS::Queue',
    property: 'MessageRetentionPeriod',
    least: 60,
    most: 1_209_600,
    page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
  },
  {
    type: 'AWS::SNS::Subscription',
    property: 'Protocol',
    values: ['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'],
    page: 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html',
  },
  {
    type: 'AWS::Logs::LogGroup',
    property: 'RetentionInDays',
    values: [
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
    page: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
  },
  {
    type: 'AWS::Kinesis::Stream',
    property: 'RetentionPeriodHours',
    least: 24,
    most: 8760,
    page: `${CLOUDFORMATION}/aws-resource-kinesis-stream.html`,
  },
  {
    type: 'AWS::IoT::TopicRule',
    property: 'TopicRulePayload.AwsIotSqlVersion',
    values: ['2015-10-08', '2016-03-23', 'beta'],
    page: 'https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-sql-version.html',
  },
  {
    type: DELIVERY,
    property: 'DeliveryStreamType',
    values: ['DirectPut', 'KinesisStreamAsSource'],
    page: conversion,
  },
  // With conversion to Parquet a buffer has at least 64 MB.
  { type: DELIVERY, property: `${S3}.BufferingHints.SizeInMBs`, least: 64, most: 128, page: conversion },
  { type: DELIVERY, property: `${S3}.BufferingHints.IntervalInSeconds`, least: 0, most: 900, page: hints },
  {
    type: TABLE,
    property: 'RetentionProperties.MemoryStoreRetentionPeriodInHours',
    least: 1,
    most: 8766,
    page: retention,
  },
  {
    type: TABLE,
    property: 'RetentionProperties.MagneticStoreRetentionPeriodInDays',
    least: 1,
    most: 73_000,
    page: retention,
  },
  {
    type: 'AWS::Athena::WorkGroup',
    property: 'WorkGroupConfiguration.BytesScannedCutoffPerQuery',
    least: 10_000_000,
    most: 7_000_000_000_000_000,
    page: 'https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html',
  },
  {
    type: 'AWS::DynamoDB::Table',
    property: 'BillingMode',
    values: ['PROVISIONED', 'PAY_PER_REQUEST'],
    page: dynamodb,
  },
  {
    type: 'AWS::DynamoDB::Table',
    property: 'StreamSpecification.StreamViewType',
    values: ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'],
    page: dynamodb,
  },
  {
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    property: 'LoggingLevel',
    values: ['ERROR', 'INFO', 'NONE'],
    page: 'https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html',
  },
];
