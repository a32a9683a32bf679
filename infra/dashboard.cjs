// @ts-check
/** One page that answers: does data come, is it understood, is it stored, is anybody told, does anything wait? */

const FUNCTIONS = ['store', 'watch', 'command', 'sweep', 'notify', 'twin'];

const deviceRules = require('./device-rules.cjs');

/** @import { Framework } from './framework.d.ts' */

/** @typedef {readonly [title: string, stat: string, metrics: readonly (readonly string[])[]]} Chart */

/**
 * In the body of a dashboard names of resources are put in by Fn::Sub.
 * @param {string} resource
 */
const named = (resource) => `\${${resource}}`;

/** @param {{ service: string, ingest: string, rules: readonly string[] }} deployment @returns {readonly Chart[]} */
const charts = ({ service, ingest, rules }) => {
  /** @param {string} name */
  const each = (name, functions = FUNCTIONS) =>
    functions.map((one) => ['AWS/Lambda', name, 'FunctionName', `${service}-${one}`]);
  /** @param {string[]} names */
  const own = (...names) => names.map((name) => ['CylinderSentinel', name, 'service', service]);
  /** @param {string} name @param {string[]} index */
  const ofLedger = (name, ...index) => ['AWS/DynamoDB', name, 'TableName', named('Ledger'), ...index];
  const direct = ingest === 'direct';
  /** @type {readonly Chart[]} */
  const ofStream = direct
    ? []
    : [
        [
          'Stream: refused',
          'Sum',
          [['AWS/Kinesis', 'WriteProvisionedThroughputExceeded', 'StreamName', named('InferenceStream')]],
        ],
      ];
  return [
    [
      'Messages that the rule took',
      'Sum',
      ['InferenceRule', ...rules].map((rule) => ['AWS/IoT', 'TopicMatch', 'RuleName', named(rule)]),
    ],
    ['Samples', 'Sum', own('SamplesStored', 'SamplesRepeated', 'SamplesRejected')],
    ['Not understood', 'Sum', own('Quarantined')],
    [
      'Parked',
      'Maximum',
      [['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', named('DeadLetters.QueueName')]],
    ],
    [
      'Waiting, ms',
      'Maximum',
      [
        ...each(direct ? 'AsyncEventAge' : 'IteratorAge', ['store', 'watch']),
        ...each('IteratorAge', ['notify', 'twin']),
      ],
    ],
    ['Duration, ms', 'p99', each('Duration')],
    ['Invocations', 'Sum', each('Invocations')],
    ['Errors', 'Sum', each('Errors')],
    ['Throttles', 'Sum', each('Throttles')],
    [
      'Ledger: units used',
      'Sum',
      [
        ...['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'WriteThrottleEvents'].map((name) =>
          ofLedger(name),
        ),
        ...['by-gateway', 'by-due'].map((index) =>
          ofLedger('WriteThrottleEvents', 'GlobalSecondaryIndexName', index),
        ),
      ],
    ],
    ['Notices told', 'Sum', own('NoticesTold')],
    ...ofStream,
  ];
};

const WIDTH = 8;
const HEIGHT = 6;

/** @param {Chart} chart @param {number} index */
const widget = ([title, stat, metrics], index) => ({
  type: 'metric',
  x: (index % 3) * WIDTH,
  y: Math.floor(index / 3) * HEIGHT,
  width: WIDTH,
  height: HEIGHT,
  properties: { title, stat, metrics, period: 60, region: named('AWS::Region'), view: 'timeSeries' },
});

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  const service = `cylinder-sentinel-${await resolveVariable('sls:stage')}`;
  const rules = deviceRules.ruleNames(await deviceRules.deviceTopics({ resolveVariable }));
  const widgets = charts({ service, ingest: await resolveVariable('param:ingest'), rules }).map(widget);
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          // Dashboards are global: stages of the same name in two regions have one each.
          DashboardName: { 'Fn::Sub': `${service}-${named('AWS::Region')}` },
          DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) },
        },
      },
    },
    Outputs: { DashboardName: { Value: { Ref: 'Dashboard' } } },
  };
};
