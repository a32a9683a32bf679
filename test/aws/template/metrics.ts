/** A metric of a service, with every set of dimensions under which the service documents it. */
type Metric = Readonly<{
  names: readonly string[];
  dimensions: readonly (readonly string[])[];
  /** The page that says so. */
  page: string;
}>;

const DYNAMODB = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html';

/** The metrics that alarms and the dashboard are made of, by namespace, as AWS documents them. */
export const METRICS: Readonly<Record<string, readonly Metric[]>> = {
  'AWS/ApiGateway': [
    {
      names: ['5xx'],
      dimensions: [['ApiId'], ['ApiId', 'Stage']],
      page: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html',
    },
  ],
  'AWS/DynamoDB': [
    {
      // "The TableName dimension returns the WriteThrottleEvents for the table, but not for any global secondary
      // indexes", and the same of the two others.
      names: [
        'ReadThrottleEvents',
        'WriteThrottleEvents',
        'ConsumedReadCapacityUnits',
        'ConsumedWriteCapacityUnits',
      ],
      dimensions: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']],
      page: DYNAMODB,
    },
  ],
  'AWS/Events': [
    {
      // With RuleName alone it is a rule of the default bus.
      names: ['FailedInvocations'],
      dimensions: [['RuleName']],
      page: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html',
    },
  ],
  'AWS/Firehose': [
    {
      names: ['DeliveryToS3.DataFreshness', 'FailedConversion.Records'],
      dimensions: [['DeliveryStreamName']],
      page: 'https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html',
    },
  ],
  'AWS/Logs': [
    {
      names: ['IncomingLogEvents'],
      dimensions: [['LogGroupName']],
      page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html',
    },
  ],
  'AWS/IoT': [
    {
      names: ['RuleMessageThrottled', 'TopicMatch'],
      dimensions: [['RuleName']],
      page: 'https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html',
    },
  ],
  'AWS/Kinesis': [
    {
      names: ['WriteProvisionedThroughputExceeded'],
      dimensions: [['StreamName']],
      page: 'https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html',
    },
  ],
  'AWS/Lambda': [
    {
      names: [
        'AsyncEventAge',
        'DestinationDeliveryFailures',
        'Duration',
        'Errors',
        'Invocations',
        'IteratorAge',
        'Throttles',
      ],
      dimensions: [['FunctionName']],
      page: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
    },
  ],
  'AWS/SNS': [
    {
      names: ['NumberOfNotificationsFailed'],
      dimensions: [['TopicName']],
      page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html',
    },
  ],
  'AWS/SQS': [
    {
      names: ['ApproximateNumberOfMessagesVisible', 'NumberOfMessagesSent'],
      dimensions: [['QueueName']],
      page: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
    },
  ],
  'AWS/Timestream': [
    {
      names: ['MagneticStoreRejectedRecordCount'],
      dimensions: [['DatabaseName', 'Operation', 'TableName']],
      page: 'https://docs.aws.amazon.com/timestream/latest/developerguide/metrics-dimensions.html',
    },
  ],
};
