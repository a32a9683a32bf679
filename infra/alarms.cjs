// @ts-check
/** What the operators are woken for. docs/operations.md says of each what it means and what to type. */
const {
  alarm,
  att,
  fewerThanOne,
  forMinutes,
  hyphened,
  ofFunction,
  ofFunctions,
  often,
  olderThan,
  overOperations,
  ref,
  throttled,
} = require('./alarm.cjs');
const deviceRules = require('./device-rules.cjs');
const lakeAlarms = require('./lake-alarms.cjs');

/** @import { Fields, Framework } from './framework.d.ts' */

const FUNCTIONS = ['Store', 'Watch', 'Command', 'Sweep', 'Notify', 'Twin'];
/** The rules of EventBridge: a schedule, and mails about batches that were given up. */
const RULES_OF_EVENTS = ['SweepSchedule', 'BatchParked'];

/**
 * The table's figure leaves its indexes out.
 * @param {string} kind @param {string} what @param {Fields} [index]
 */
const ofLedger = (kind, what, index = {}) =>
  alarm(
    `${what} gets more ${kind.toLowerCase()}s than its capacity allows; they are tried anew.`,
    'AWS/DynamoDB',
    `${kind}ThrottleEvents`,
    { TableName: ref('Ledger'), ...index },
    often,
  );

/**
 * @param {{ service: string, silenceMinutes: number, topicArn: string, ownMessages: number }} deployment
 * @returns {Readonly<Record<string, Fields>>}
 */
const always = ({ service, silenceMinutes, topicArn, ownMessages }) => ({
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
    // Whoever publishes at all does so once a minute; in the minute of the canary's message there are two then.
    { ...fewerThanOne, Threshold: 1 + ownMessages, ...forMinutes(silenceMinutes) },
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
  ...throttled(['Command', 'Sweep']),
  LedgerReadsThrottled: ofLedger('Read', 'The ledger'),
  LedgerWritesThrottled: ofLedger('Write', 'The ledger'),
  // An index that is behind holds back the writes of the whole table. Nobody reads one but sweep, which then fails.
  LedgerByGatewayWritesThrottled: ofLedger('Write', 'The index of the ledger by gateway', {
    GlobalSecondaryIndexName: 'by-gateway',
  }),
  LedgerByDueWritesThrottled: ofLedger('Write', 'The index of the ledger by time', {
    GlobalSecondaryIndexName: 'by-due',
  }),
  ...Object.fromEntries(
    RULES_OF_EVENTS.map((name) => [
      `${name}Undelivered`,
      alarm(
        'EventBridge could not deliver an event for good; the queue of undelivered events says why.',
        'AWS/Events',
        'FailedInvocations',
        { RuleName: ref(name) },
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
  direct: { ...waiting('AsyncEventAge'), ...throttled(['Store', 'Watch']) },
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

const ofCanary = {
  CanarySilent: alarm(
    'For 15 minutes no sample of the canary came out as a notice: people may no longer be told.',
    'AWS/SQS',
    'NumberOfMessagesSent',
    { QueueName: att('CanaryQueue', 'QueueName') },
    { ...fewerThanOne, Period: 300, EvaluationPeriods: 3 },
  ),
};

const ofDesk = {
  DeskFailing: alarm(
    'The desk answers with errors again and again: people may neither see nor act there.',
    'AWS/ApiGateway',
    '5xx',
    { ApiId: ref('DeskApi') },
    often,
  ),
  ...throttled(['Desk']),
  DeskSlow: ofFunction('The desk takes more than three seconds for an answer.', 'Desk', 'Duration', {
    ...often,
    Statistic: 'Average',
    Threshold: 3000,
  }),
};

/** @type {Readonly<Record<string, Readonly<Record<string, Fields>>>>} */
const byStore = {
  timestream: {
    LateWritesRejected: overOperations(
      'Timestream refused late samples after it had taken them; its reports are in the quarantine.',
      'AWS/Timestream',
      'MagneticStoreRejectedRecordCount',
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitutions
      { DatabaseName: '${Telemetry}', TableName: '${Samples.Name}' },
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitutions
    ),
  },
  lake: lakeAlarms,
  existing: {},
};

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  const service = `cylinder-sentinel-${await resolveVariable('sls:stage')}`;
  const canary = await resolveVariable('param:canary');
  const silenceMinutes = Number(await resolveVariable('param:silenceMinutes'));
  const topicArn = await resolveVariable('self:custom.alerts.topicArn');
  const common = always({ service, silenceMinutes, topicArn, ownMessages: canary === 'on' ? 1 : 0 });
  const alarms = {
    ...common,
    ...(await deviceRules.alarms({ resolveVariable }, common.RuleSilent)),
    ...byIngest[await resolveVariable('param:ingest')],
    ...byStore[await resolveVariable('param:store')],
    ...(canary === 'on' ? ofCanary : {}),
    ...((await resolveVariable('param:desk')) === 'on' ? ofDesk : {}),
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
