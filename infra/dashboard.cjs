/** One page that answers: does data come, is it understood, is it stored, is anybody told, does anything wait? */

const FUNCTIONS = ['store', 'watch', 'command', 'sweep', 'notify', 'twin'];

/** In the body of a dashboard names of resources are put in by Fn::Sub. */
const named = (resource) => `\${${resource}}`;

const charts = ({ service, ingest }) => {
  const each = (name, functions = FUNCTIONS) =>
    functions.map((one) => ['AWS/Lambda', name, 'FunctionName', `${service}-${one}`]);
  const own = (...names) => names.map((name) => ['CylinderSentinel', name, 'service', service]);
  const direct = ingest === 'direct';
  return [
    ['Messages that the rule took', 'Sum', [['AWS/IoT', 'TopicMatch', 'RuleName', named('InferenceRule')]]],
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
      ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'WriteThrottleEvents'].map((name) => [
        'AWS/DynamoDB',
        name,
        'TableName',
        named('Ledger'),
      ]),
    ],
    ['Notices told', 'Sum', own('NoticesTold')],
    ...(direct
      ? []
      : [
          [
            'Stream: refused',
            'Sum',
            [['AWS/Kinesis', 'WriteProvisionedThroughputExceeded', 'StreamName', named('InferenceStream')]],
          ],
        ]),
  ];
};

const WIDTH = 8;
const HEIGHT = 6;

const widget = ([title, stat, metrics], index) => ({
  type: 'metric',
  x: (index % 3) * WIDTH,
  y: Math.floor(index / 3) * HEIGHT,
  width: WIDTH,
  height: HEIGHT,
  properties: { title, stat, metrics, period: 60, region: named('AWS::Region'), view: 'timeSeries' },
});

module.exports = async ({ resolveVariable }) => {
  const service = `cylinder-sentinel-${await resolveVariable('sls:stage')}`;
  const widgets = charts({ service, ingest: await resolveVariable('param:ingest') }).map(widget);
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: service, DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
      },
    },
    Outputs: { DashboardName: { Value: { Ref: 'Dashboard' } } },
  };
};
