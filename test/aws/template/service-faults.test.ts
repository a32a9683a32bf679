import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fields } from '../../../domain/fields.ts';
import { resourcesMade } from './fragment.ts';
import { METRICS } from './metrics.ts';
import { nameFaults, physicalNames, replacedUnderTheirNames } from './physical-names.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import { serviceFaults } from './service-faults.ts';
import { SERVICE_LIMITS } from './service-limits.ts';
import type { Resources } from './value-at.ts';

const one = (Type: string, Properties: Fields): Resources => ({ It: { Type, Properties } });

const MAPPING = 'AWS::Lambda::EventSourceMapping';
const RULE = 'AWS::Events::Rule';
const ALARM = { Period: 60, EvaluationPeriods: 15, TreatMissingData: 'notBreaching' };
const delivered = { Id: 'a', Arn: 'a', DeadLetterConfig: { Arn: 'q' } };
const watched: Resources = {
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...ALARM,
      MetricName: 'FailedInvocations',
      Dimensions: [{ Name: 'RuleName', Value: { Ref: 'It' } }],
    },
  },
};
const publishing = (Condition?: Fields): Resources =>
  one('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com'] },
          ...(Condition ? { Condition } : {}),
        },
      ],
    },
  });

describe('what a service would refuse, or let fail in silence', () => {
  const cases: readonly (readonly [resources: Resources, fault: RegExp | null])[] = [
    [one(MAPPING, { BatchSize: 25 }), /a batch of more than 10 records has a window/],
    [one(MAPPING, { BatchSize: 25, MaximumBatchingWindowInSeconds: 1 }), null],
    [one(MAPPING, { BatchSize: 10 }), null],
    [one(MAPPING, { BatchSize: 0 }), /BatchSize cannot be 0/],
    [one(MAPPING, { ParallelizationFactor: 11 }), /ParallelizationFactor cannot be 11/],
    [one(MAPPING, { MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 }), null],
    [one(MAPPING, { MaximumRecordAgeInSeconds: 59 }), /given up after a minute/],
    [
      one(MAPPING, { FunctionResponseTypes: ['ReportBatchItemFailure'] }),
      /cannot be "ReportBatchItemFailure"/,
    ],
    [one('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 3 }), /cannot be 3/],
    [one('AWS::Lambda::Function', { Timeout: 901 }), /Timeout cannot be 901/],
    [one('AWS::Lambda::Function', { Environment: { Variables: { A: '가'.repeat(1400) } } }), /at most 4 KB/],
    [one('AWS::Logs::LogGroup', { RetentionInDays: '30' }), null],
    [one('AWS::Logs::LogGroup', { RetentionInDays: 31 }), /RetentionInDays cannot be 31/],
    [one('AWS::CloudWatch::Alarm', { ...ALARM, EvaluationPeriods: 1440 }), null],
    [one('AWS::CloudWatch::Alarm', { ...ALARM, EvaluationPeriods: 1441 }), /looks back a day at most/],
    [one('AWS::CloudWatch::Alarm', { ...ALARM, TreatMissingData: 'ok' }), /TreatMissingData cannot be "ok"/],
    [{ ...one(RULE, { Targets: [delivered] }), ...watched }, null],
    [one(RULE, { Targets: [delivered] }), /is alarmed on/],
    [
      { ...one(RULE, { Targets: [delivered, { Id: 'b', Arn: 'b' }] }), ...watched },
      /has a dead-letter queue/,
    ],
    [publishing(), null],
    [publishing({ StringEquals: { 'aws:SourceAccount': '1' } }), /EventBridge publish without a condition/],
    [
      {
        ...one('AWS::CloudWatch::Alarm', { ...ALARM, AlarmActions: [{ Ref: 'Topic' }] }),
        Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'alias/aws/sns' } },
      },
      /no key of the service itself/,
    ],
    [
      one('AWS::KinesisFirehose::DeliveryStream', {
        ExtendedS3DestinationConfiguration: { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 } },
      }),
      /SizeInMBs cannot be 5/,
    ],
  ];
  for (const [resources, fault] of cases) {
    it(`${fault ?? 'nothing'} is said of ${JSON.stringify(resources).slice(0, 120)}`, () => {
      const faults = serviceFaults(resources);
      assert.equal(faults.length, fault === null ? 0 : 1, faults.join('\n'));
      if (fault !== null) assert.match(faults[0] ?? '', fault);
    });
  }
});

describe('names', () => {
  const dashboard = (DashboardName: unknown) => one('AWS::CloudWatch::Dashboard', { DashboardName });

  it('carry the stage, and where they are global the region', () => {
    const sub = { 'Fn::Sub': `cylinder-sentinel-a-b-\${AWS::Region}` };
    assert.deepEqual(nameFaults(dashboard(sub), 'a-b', 'eu-west-1'), []);
    assert.match(
      nameFaults(dashboard('cylinder-sentinel-dev'), 'dev', 'eu-west-1')[0] ?? '',
      /without the region/,
    );
    assert.match(nameFaults(dashboard(sub), 'b-c', 'eu-west-1')[0] ?? '', /without the stage/);
    const rule = { 'Fn::Join': ['_', { 'Fn::Split': ['-', 'cylinder-sentinel-dev-inference'] }] };
    const [made] = physicalNames(one('AWS::IoT::TopicRule', { RuleName: rule }), 'eu-west-1');
    assert.equal(made?.name, 'cylinder_sentinel_dev_inference');
  });

  it('have the form that their service asks for', () => {
    const faults = nameFaults(one('AWS::IoT::TopicRule', { RuleName: 'sentinel-dev' }), 'dev', 'eu-west-1');
    assert.match(faults[0] ?? '', /^It cannot be called sentinel-dev: https:/);
  });

  it('do not stay where the resource is replaced', () => {
    const channel = (ConfigurationName: string, SlackWorkspaceId: string) =>
      one('AWS::Chatbot::SlackChannelConfiguration', { ConfigurationName, SlackWorkspaceId });
    assert.deepEqual(replacedUnderTheirNames(channel('a', 'T1'), channel('a', 'T1')), []);
    assert.deepEqual(replacedUnderTheirNames(channel('a', 'T1'), channel('b', 'T2')), []);
    assert.match(
      replacedUnderTheirNames(channel('a', 'T1'), channel('a', 'T2'))[0] ?? '',
      /^It would be replaced for its SlackWorkspaceId/,
    );
  });

  it('are looked at only of types that somebody has read the page of', () => {
    assert.throws(
      () => physicalNames(one('AWS::EC2::Instance', {}), 'eu-west-1'),
      /aws-resource-ec2-instance/,
    );
  });
});

describe('what infra/ makes by program', () => {
  const variables = {
    'sls:stage': 'dev',
    'param:silenceMinutes': '1440',
    'self:custom.alerts.topicArn': 'arn:aws:sns:us-east-1:123456789012:plant',
    'param:alertEmail': 'a@example.com,b@example.com',
    'param:alertChat': 'T0123/C0456',
  };
  for (const name of ['alarms', 'alerts', 'dashboard']) {
    for (const ingest of ['direct', 'stream']) {
      for (const store of ['timestream', 'lake', 'existing']) {
        it(`${name} of ${ingest} and ${store} break no rule`, async () => {
          const ways = { ...variables, 'param:ingest': ingest, 'param:store': store };
          const made = await resourcesMade(name, ways);
          assert.deepEqual(serviceFaults(made), []);
          assert.deepEqual(nameFaults(made, 'dev', 'us-east-1'), []);
          const other = await resourcesMade(name, { ...ways, 'param:alertChat': 'T0999/C0999' });
          assert.deepEqual(replacedUnderTheirNames(made, other), []);
        });
      }
    }
  }
});

it('every rule names a page of AWS', () => {
  const pages = [
    ...SERVICE_LIMITS.map(({ page }) => page),
    ...Object.values(METRICS).flatMap((metrics) => metrics.map(({ page }) => page)),
  ];
  assert.deepEqual(
    pages.filter((page) => !page.startsWith('https://docs.aws.amazon.com/')),
    [],
  );
  assert.deepEqual(
    SERVICE_LIMITS.filter(({ type }) => RESOURCE_TYPES[type] === undefined),
    [],
  );
});
