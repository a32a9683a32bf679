// @ts-check
/** The topic that technicians listen to, and who subscribes to it and to the operators': as many as were given. */
const { createHash } = require('node:crypto');

/** @import { Fields, Framework, Value } from './framework.d.ts' */

/** The values of a parameter in which several may stand with commas. @param {string} text */
const listed = (text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/**
 * A subscription has a name of its own, whoever else is on the list. By a place in the list it would be replaced when
 * somebody before it leaves; SNS gives the replacement the subscription that is there, and CloudFormation then deletes
 * that one with the name of before: nobody is told any more.
 * @param {string} protocol @param {string} endpoint
 */
const hashOf = (protocol, endpoint) =>
  createHash('sha256').update(`${protocol}:${endpoint}`).digest('hex').slice(0, 16);

/** @param {string} kind @param {string} protocol @param {readonly string[]} endpoints @param {Value} topicArn */
const subscriptions = (kind, protocol, endpoints, topicArn) =>
  Object.fromEntries(
    endpoints.map((Endpoint) => [
      `${kind}${hashOf(protocol, Endpoint)}`,
      { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: topicArn, Protocol: protocol, Endpoint } },
    ]),
  );

const ownTopic = {
  AlertTopic: {
    Type: 'AWS::SNS::Topic',
    // Only notify publishes here, by a role: the key of the service itself will do.
    Properties: { KmsMasterKeyId: 'alias/aws/sns' },
  },
  AlertTopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'AlertTopic' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: { Ref: 'AlertTopic' },
            // From the loopback address nobody comes but to an emulator.
            Condition: {
              Bool: { 'aws:SecureTransport': 'false' },
              NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
            },
          },
        ],
      },
    },
  },
};

/**
 * A Slack channel, given as workspace/channel; the workspace must have been authorized once in the console. Names of
 * configurations are global, and the workspace of one cannot change: another workspace makes another name.
 * @param {string} place @param {string} stage @param {Value} topicArn
 */
const chat = (place, stage, topicArn) => {
  const [SlackWorkspaceId, SlackChannelId] = place.split('/');
  return {
    ChatRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'chatbot.amazonaws.com' } },
          ],
        },
      },
    },
    ChatChannel: {
      Type: 'AWS::Chatbot::SlackChannelConfiguration',
      Properties: {
        ConfigurationName: { 'Fn::Sub': `cylinder-sentinel-${stage}-\${AWS::Region}-${SlackWorkspaceId}` },
        SlackWorkspaceId,
        SlackChannelId,
        // The role allows nothing: nobody commands AWS from the channel.
        IamRoleArn: { 'Fn::GetAtt': ['ChatRole', 'Arn'] },
        SnsTopicArns: [topicArn],
        LoggingLevel: 'ERROR',
      },
    },
  };
};

/** @param {Framework} framework */
const alerts = async ({ resolveVariable }) => {
  /** @param {string} name */
  const given = (name) => resolveVariable(`param:${name}`);
  const existing = await given('alertTopic');
  const topicArn = existing === '' ? { Ref: 'AlertTopic' } : existing;
  const place = await given('alertChat');
  return {
    topicArn,
    resources: {
      Resources: {
        ...(existing === '' ? ownTopic : {}),
        ...subscriptions('AlertEmail', 'email', listed(await given('alertEmail')), topicArn),
        ...subscriptions('AlertSms', 'sms', listed(await given('alertSms')), topicArn),
        ...subscriptions('OperatorEmail', 'email', listed(await given('operatorEmail')), {
          Ref: 'OperatorTopic',
        }),
        ...(place === '' ? {} : chat(place, await resolveVariable('sls:stage'), topicArn)),
      },
      Outputs: { AlertTopicArn: { Value: topicArn } },
    },
  };
};

module.exports = Object.assign(alerts, { listed });
