import { SERVICE_LIMITS } from './service-limits.ts';
import { type Resources, valuesAt } from './value-at.ts';

type Rule = Readonly<{
  says: string;
  page: string;
  /** The logical ids of what breaks it. */
  brokenBy: (resources: Resources) => readonly string[];
}>;

const idsOf = (
  resources: Resources,
  type: string,
  isBroken: (properties: Resources[string]['Properties'], id: string) => boolean,
): readonly string[] =>
  Object.entries(resources)
    .filter(([id, { Type, Properties }]) => Type === type && isBroken(Properties, id))
    .map(([id]) => id);

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';

/** The alarm that misses what a rule should have woken, where that costs an alarm less than one on its deliveries. */
const MISSED_BY: Readonly<Record<string, string>> = { CanarySchedule: 'CanarySilentAlarm' };

/** Rules about several properties at once. */
const RULES: readonly Rule[] = [
  {
    says: 'a batch of more than 10 records has a window of at least a second',
    page: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
    brokenBy: (resources) =>
      idsOf(
        resources,
        'AWS::Lambda::EventSourceMapping',
        ({ BatchSize, MaximumBatchingWindowInSeconds: window = 0 }) =>
          Number(BatchSize) > 10 && Number(window) < 1,
      ),
  },
  {
    says: 'records are given up after a minute at the earliest',
    page: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
    brokenBy: (resources) =>
      idsOf(
        resources,
        'AWS::Lambda::EventSourceMapping',
        ({ MaximumRecordAgeInSeconds: age = -1 }) => Number(age) !== -1 && Number(age) < 60,
      ),
  },
  {
    says: 'the environment of a function has at most 4 KB',
    page: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    brokenBy: (resources) =>
      idsOf(
        resources,
        'AWS::Lambda::Function',
        (properties) => Buffer.byteLength(textOf(valuesAt(properties, 'Environment.Variables')[0])) > 4096,
      ),
  },
  {
    says: 'an alarm looks back a day at most, in periods of whole minutes',
    page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    brokenBy: (resources) =>
      idsOf(resources, 'AWS::CloudWatch::Alarm', (properties) => {
        const [period] = [...valuesAt(properties, 'Period'), ...valuesAt(properties, 'Metrics.*.Period')];
        const seconds = Number(period);
        return !(seconds % 60 === 0 && seconds * Number(properties.EvaluationPeriods) <= 86_400);
      }),
  },
  {
    says: 'every target of a rule of EventBridge has a dead-letter queue',
    page: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
    brokenBy: (resources) =>
      idsOf(
        resources,
        'AWS::Events::Rule',
        (properties) =>
          valuesAt(properties, 'Targets.*').length === 0 ||
          valuesAt(properties, 'Targets.*').some(
            (target) => valuesAt(target, 'DeadLetterConfig.Arn').length === 0,
          ),
      ),
  },
  {
    says: 'what a rule of EventBridge could not deliver for good is alarmed on',
    page: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring-events-best-practices.html',
    brokenBy: (resources) => {
      const watched = Object.values(resources)
        .filter(({ Properties }) => Properties.MetricName === 'FailedInvocations')
        .flatMap(({ Properties }) => valuesAt(Properties, 'Dimensions.*.Value.Ref'));
      return idsOf(
        resources,
        'AWS::Events::Rule',
        (_, id) => !watched.includes(id) && resources[MISSED_BY[id] ?? '']?.Type !== 'AWS::CloudWatch::Alarm',
      );
    },
  },
  {
    says: 'a topic lets EventBridge publish without a condition',
    page: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html',
    brokenBy: (resources) =>
      idsOf(resources, 'AWS::SNS::TopicPolicy', (properties) =>
        valuesAt(properties, 'PolicyDocument.Statement.*').some(
          (statement) =>
            textOf(valuesAt(statement, 'Principal.Service')).includes('events.amazonaws.com') &&
            valuesAt(statement, 'Condition').length > 0,
        ),
      ),
  },
  {
    says: 'an alarm tells a topic that has no key of the service itself',
    page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html',
    brokenBy: (resources) =>
      idsOf(resources, 'AWS::CloudWatch::Alarm', (properties) =>
        valuesAt(properties, 'AlarmActions.*.Ref').some(
          (topic) => resources[String(topic)]?.Properties.KmsMasterKeyId !== undefined,
        ),
      ),
  },
  {
    says: 'the policies within a role have at most 10,240 characters',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
    brokenBy: (resources) =>
      idsOf(
        resources,
        'AWS::IAM::Role',
        (properties) => textOf(valuesAt(properties, 'Policies.*.PolicyDocument')).length > 10_240,
      ),
  },
  {
    says: 'a template has at most 500 resources',
    page: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
    brokenBy: (resources) => Object.keys(resources).slice(500),
  },
];

const limitFaults = (resources: Resources): readonly string[] =>
  Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    SERVICE_LIMITS.filter(({ type }) => type === Type).flatMap((limit) =>
      valuesAt(Properties, limit.property)
        .filter((value) => {
          if ('values' in limit) return !limit.values.some((one) => String(one) === String(value));
          const number = Number(value);
          return !(Number.isInteger(number) && number >= limit.least && number <= limit.most);
        })
        .map((value) => `${id}: ${limit.property} cannot be ${textOf(value)}: ${limit.page}`),
    ),
  );

/** What a service would refuse or let fail in silence, in sentences that name the page. */
export const serviceFaults = (resources: Resources): readonly string[] => [
  ...limitFaults(resources),
  ...RULES.flatMap(({ says, page, brokenBy }) => brokenBy(resources).map((id) => `${id}: ${says}: ${page}`)),
];
