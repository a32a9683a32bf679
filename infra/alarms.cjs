// @ts-check
/** What the operators are woken for. docs/operations.md says of each what it means and what to type. */

/** @import { Fields, Framework } from './framework.d.ts' */

const FUNCTIONS = ['Store', 'Watch', 'Command', 'Sweep', 'Notify', 'Twin'];

/** @param {string} name @returns {Fields} */
const ref = (name) => ({ Ref: name });
/** @param {string} name @param {string} what @returns {Fields} */
const att = (name, what) => ({ 'Fn::GetAtt': [name, what] });

/**
 * An alarm on one metric: more than nothing of it in a minute, unless said otherwise.
 * @param {string} AlarmDescription @param {string} Namespace @param {string} MetricName
 * @param {Fields} dimensions @param {Fields} rest @returns {Fields}
 */
const alarm = (AlarmDescription, Namespace, MetricName, dimensions, rest = {}) => ({
  AlarmDescription,
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  ...rest,
});

/** @param {string} description @param {string} name @param {string} metric @param {Fields} rest */
const ofFunction = (description, name, metric, rest) =>
  alarm(description, 'AWS/Lambda', metric, { FunctionName: ref(`${name}LambdaFunction`) }, rest);

/**
 * One for each function, since alarms on sums cost the same and do not say where.
 * @param {readonly string[]} names @param {string} suffix @param {string} description @param {string} metric
 * @param {Fields} [rest]
 */
const ofFunctions = (names, suffix, description, metric, rest = {}) =>
  Object.fromEntries(
    names.map((name) => [
      `${name}${suffix}`,
      ofFunction(`${name.toLowerCase()} ${description}`, name, metric, rest),
    ]),
  );

/** @param {number} minutes */
const forMinutes = (minutes) => ({ EvaluationPeriods: minutes });
const often = { EvaluationPeriods: 5, DatapointsToAlarm: 3 };
const fewerThanOne = { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' };
/** @param {number} seconds */
const olderThan = (seconds) => ({ Statistic: 'Maximum', Threshold: seconds * 1000, ...forMinutes(3) });

/**
 * @param {{ service: string, silenceMinutes: number, topicArn: string }} deployment
 * @returns {Readonly<Record<string, Fields>>}
 */
const always = ({ service, silenceMinutes, topicArn }) => ({
  DeadLetters: alarm(
    'Calls or messages that failed for good wait in the dead-letter queue.',
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    { QueueName: att('DeadLetters', 'QueueName') },
    { Statistic: 'Maximum' },
  ),
  ...ofFunctions(
    FUNCTIONS,
    'ParkingFailed',
    'failed for good on something that could not even be parked: data may be lost.',
    'DestinationDeliveryFailures',
  ),
  RuleSilent: alarm(
    `No gateway published anything for ${silenceMinutes} minutes.`,
    'AWS/IoT',
    'TopicMatch',
    { RuleName: ref('InferenceRule') },
    { ...fewerThanOne, ...forMinutes(silenceMinutes) },
  ),
  RuleThrottled: alarm(
    'AWS IoT held messages of the rule back: the account has reached its limit of rule evaluations.',
    'AWS/IoT',
    'RuleMessageThrottled',
    { RuleName: ref('InferenceRule') },
  ),
  SweepStopped: ofFunction(
    'The sweep has not run for five minutes: silence and reminders are not told.',
    'Sweep',
    'Invocations',
    { ...fewerThanOne, ...forMinutes(5) },
  ),
  ...ofFunctions(
    FUNCTIONS,
    'Failing',
    'fails again and again; what it was given is tried anew, then parked.',
    'Errors',
    often,
  ),
  ...ofFunctions(
    // notify and twin read a stream: when they are throttled, they are behind.
    ['Store', 'Watch', 'Command', 'Sweep'],
    'Throttled',
    'has reached its reserved concurrency, or the account its limit.',
    'Throttles',
    often,
  ),
  ...Object.fromEntries(
    ['Read', 'Write'].map((kind) => [
      `Ledger${kind}sThrottled`,
      alarm(
        `The ledger gets more ${kind.toLowerCase()}s than its capacity allows; they are tried anew.`,
        'AWS/DynamoDB',
        `${kind}ThrottleEvents`,
        { TableName: ref('Ledger') },
        often,
      ),
    ]),
  ),
  NotifyBehind: ofFunction('Notices wait for more than a minute.', 'Notify', 'IteratorAge', olderThan(60)),
  TwinBehind: ofFunction('Twins are more than five minutes old.', 'Twin', 'IteratorAge', olderThan(300)),
  QuarantineRate: alarm(
    'More than ten messages in five minutes have something in them that is not understood.',
    'CylinderSentinel',
    'Quarantined',
    { service },
    { Period: 300, Threshold: 10, EvaluationPeriods: 3, DatapointsToAlarm: 2 },
  ),
  WritesRejected: alarm(
    'The telemetry store refused samples for good; they are in the quarantine.',
    'CylinderSentinel',
    'SamplesRejected',
    { service },
    { Period: 300 },
  ),
  NoticesUndelivered: alarm(
    'SNS could not deliver a notice to somebody who subscribed.',
    'AWS/SNS',
    'NumberOfNotificationsFailed',
    { TopicName: { 'Fn::Select': [5, { 'Fn::Split': [':', topicArn] }] } },
  ),
});

/**
 * What waits before store and watch: calls of the rule, or records of the stream.
 * @param {string} metric
 */
const waiting = (metric) => ({
  StoreBehind: ofFunction(
    'Samples wait to be stored for more than five minutes.',
    'Store',
    metric,
    olderThan(300),
  ),
  WatchBehind: ofFunction(
    'Samples wait for the alarm for more than a minute.',
    'Watch',
    metric,
    olderThan(60),
  ),
});

/** @type {Readonly<Record<string, Readonly<Record<string, Fields>>>>} */
const byIngest = {
  direct: waiting('AsyncEventAge'),
  stream: {
    ...waiting('IteratorAge'),
    StreamFull: alarm(
      'The stream has too few shards; what it refused is in the dead-letter queue.',
      'AWS/Kinesis',
      'WriteProvisionedThroughputExceeded',
      { StreamName: ref('InferenceStream') },
    ),
  },
};

/** @param {string} name */
const ofDelivery = (name) => ({
  [`${name}ConversionFailed`]: alarm(
    `Firehose could not make Parquet of ${name.toLowerCase()}; they are under refused/ in the lake.`,
    'AWS/Firehose',
    'FailedConversion.Records',
    { DeliveryStreamName: ref(`${name}Delivery`) },
  ),
  [`${name}DeliveryBehind`]: alarm(
    `${name} wait for more than half an hour on their way to S3.`,
    'AWS/Firehose',
    'DeliveryToS3.DataFreshness',
    { DeliveryStreamName: ref(`${name}Delivery`) },
    { Statistic: 'Maximum', Threshold: 1800, ...forMinutes(3) },
  ),
});

/** @type {Readonly<Record<string, Readonly<Record<string, Fields>>>>} */
const byStore = {
  timestream: {
    LateWritesRejected: alarm(
      'Timestream refused late samples after it had taken them; its reports are in the quarantine.',
      'AWS/Timestream',
      'MagneticStoreRejectedRecordCount',
      { DatabaseName: ref('Telemetry'), TableName: att('Samples', 'Name') },
    ),
  },
  lake: { ...ofDelivery('Samples'), ...ofDelivery('Incidents') },
  existing: {},
};

/**
 * `DeadLetters` is called dead-letters in the mails.
 * @param {string} name
 */
const hyphened = (name) => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  const service = `cylinder-sentinel-${await resolveVariable('sls:stage')}`;
  const alarms = {
    ...always({
      service,
      silenceMinutes: Number(await resolveVariable('param:silenceMinutes')),
      topicArn: await resolveVariable('self:custom.alerts.topicArn'),
    }),
    ...byIngest[await resolveVariable('param:ingest')],
    ...byStore[await resolveVariable('param:store')],
  };
  const Resources = Object.fromEntries(
    Object.entries(alarms).map(([name, properties]) => [
      `${name}Alarm`,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmName: `${service}-${hyphened(name)}`,
          AlarmActions: [ref('OperatorTopic')],
          OKActions: [ref('OperatorTopic')],
          ...properties,
        },
      },
    ]),
  );
  return { Resources };
};
