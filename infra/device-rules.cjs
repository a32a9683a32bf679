// @ts-check
/**
 * A rule for each topic of the map that does not lie below the prefix, where the rule of ingest-*.yml listens: AWS IoT
 * takes one filter a rule. https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-from.html
 */
const { alarm } = require('./alarm.cjs');
const reading = require('./reading.cjs');

/** @import { Fields, Framework, Value } from './framework.d.ts' */

/** @param {string} name @param {string} what @returns {Value} */
const att = (name, what) => ({ 'Fn::GetAtt': [name, what] });

/** @param {string} resource @returns {Value} */
const ref = (resource) => ({ Ref: resource });

/** What becomes of a message, by the parameter `ingest`. @type {Readonly<Record<string, readonly Value[]>>} */
const ACTIONS = {
  stream: [
    {
      Kinesis: {
        StreamName: ref('InferenceStream'),
        // AWS IoT puts the topic in, the framework must not.
        PartitionKey: ['\\$', '{topic()}'].join(''),
        RoleArn: att('IngestRole', 'Arn'),
      },
    },
  ],
  direct: ['Store', 'Watch'].map((name) => ({
    Lambda: { FunctionArn: att(`${name}LambdaFunction`, 'Arn') },
  })),
};

/** @param {string} rule @returns {Record<string, Fields>} */
const permissions = (rule) =>
  Object.fromEntries(
    ['Store', 'Watch'].map((name) => [
      `${rule}Calls${name}`,
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: ref(`${name}LambdaFunction`),
          Principal: 'iot.amazonaws.com',
          SourceAccount: ref('AWS::AccountId'),
          SourceArn: att(rule, 'Arn'),
        },
      },
    ]),
  );

/**
 * The topics of the map that need a rule of their own.
 * @param {Pick<Framework, 'resolveVariable'>} framework @returns {Promise<readonly string[]>}
 */
const deviceTopics = async ({ resolveVariable }) => {
  const map = await resolveVariable('param:map');
  if (map === '') return [];
  const prefix = await resolveVariable('param:topicPrefix');
  const { topics = [] } = (await reading.readMap(map)).mapping ?? {};
  return [...new Set(topics)].filter((filter) => !filter.startsWith(`${prefix}/`));
};

/** The logical names of the rules. @param {readonly string[]} topics */
const ruleNames = (topics) => topics.map((_, index) => `DeviceRule${index + 1}`);

/**
 * Silence is that of all rules together, which is what reaches `store` (without the canary's), and each may be held back.
 * @param {Pick<Framework, 'resolveVariable'>} framework
 * @param {Fields} [silent] the alarm on the silence of the rule of gateways
 * @returns {Promise<Readonly<Record<string, Fields>>>}
 */
const alarms = async (framework, silent = {}) => {
  const names = ruleNames(await deviceTopics(framework));
  if (names.length === 0) return {};
  const service = `cylinder-sentinel-${await framework.resolveVariable('sls:stage')}`;
  return {
    RuleSilent: {
      ...silent,
      Namespace: 'CylinderSentinel',
      MetricName: 'Messages',
      Dimensions: [{ Name: 'service', Value: service }],
      Threshold: 1,
    },
    ...Object.fromEntries(
      names.map((name, index) => [
        `RuleThrottledDevice${index + 1}`,
        alarm(
          'AWS IoT held messages of a rule for devices back: the account has reached its limit of rule evaluations.',
          'AWS/IoT',
          'RuleMessageThrottled',
          { RuleName: ref(name) },
        ),
      ]),
    ),
  };
};

/** @param {Framework} framework */
const rules = async ({ resolveVariable }) => {
  const topics = await deviceTopics({ resolveVariable });
  const stage = await resolveVariable('sls:stage');
  const ingest = await resolveVariable('param:ingest');
  // Rule names have no hyphens.
  const service = `cylinder_sentinel_${stage.replaceAll('-', '_')}`;
  const resources = ruleNames(topics).flatMap((rule, index) => [
    [
      rule,
      {
        Type: 'AWS::IoT::TopicRule',
        Properties: {
          RuleName: `${service}_device_${index + 1}`,
          TopicRulePayload: {
            AwsIotSqlVersion: '2016-03-23',
            Sql: `SELECT encode(*, 'base64') AS body, topic() AS topic, timestamp() AS receivedAt, clientid() AS client FROM '${topics[index]}'`,
            Actions: ACTIONS[ingest] ?? [],
            ErrorAction: {
              Sqs: { QueueUrl: ref('DeadLetters'), RoleArn: att('ParkingRole', 'Arn'), UseBase64: false },
            },
          },
        },
      },
    ],
    ...(ingest === 'direct' ? Object.entries(permissions(rule)) : []),
  ]);
  return { Resources: Object.fromEntries(resources) };
};

module.exports = Object.assign(rules, { alarms, deviceTopics, ruleNames });
