// @ts-check
/**
 * What is there stays as it is where a change of its name or of what is fixed at its creation would take it away, or end
 * the deploy: before a deploy the framework runs this over the template, beside the one that the stack has.
 */
const { isDeepStrictEqual } = require('node:util');
const askStack = require('./ask-stack.cjs');

/** @typedef {import('./ask-stack.cjs').Resources} Resources */

/**
 * Who is subscribed is so by the name that the subscription has in the stack. SNS answers a second one of the same
 * endpoint with the one that is there, which would then be deleted with its old name: nobody would be told any more.
 * @param {Readonly<Resources>} present @param {Resources} next
 */
const keepSubscriptions = (present, next) => {
  const all = Object.entries(next).filter(([, { Type }]) => Type === 'AWS::SNS::Subscription');
  for (const [id, resource] of all) {
    // More than one, where a list had somebody twice.
    const names = Object.keys(present).filter(
      (name) =>
        present[name]?.Type === resource.Type &&
        isDeepStrictEqual(present[name].Properties, resource.Properties),
    );
    if (names.length === 0) continue;
    delete next[id];
    for (const name of names) next[name] = resource;
  }
};

/**
 * A configuration of another name would be made beside the one that is there, and a channel takes one.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-chatbot-slackchannelconfiguration.html
 * @param {Readonly<Resources>} present @param {Resources} next
 */
const keepChannelName = ({ ChatChannel: before }, { ChatChannel: after }) => {
  if (before?.Properties === undefined || after?.Properties === undefined) return;
  if (before.Properties.SlackWorkspaceId === after.Properties.SlackWorkspaceId)
    after.Properties.ConfigurationName = before.Properties.ConfigurationName;
};

/**
 * A table of Timestream keeps the partition key that it was made with, or none.
 * https://docs.aws.amazon.com/timestream/latest/developerguide/customer-defined-partition-keys-limitations.html
 * @param {Readonly<Resources>} present @param {Resources} next
 */
const keepPartitionKeys = (present, next) => {
  for (const [id, { Type, Properties }] of Object.entries(next)) {
    const before = present[id];
    if (Type !== 'AWS::Timestream::Table' || before?.Type !== Type || Properties === undefined) continue;
    if (before.Properties?.Schema === undefined) delete Properties.Schema;
    else Properties.Schema = before.Properties.Schema;
  }
};

/**
 * Lets what is there stay, in the template that is to be deployed.
 * @param {Readonly<Resources>} present the resources of the stack as it stands @param {Resources} next
 */
const keepPresent = (present, next) => {
  keepSubscriptions(present, next);
  keepChannelName(present, next);
  keepPartitionKeys(present, next);
};

class KeepPresent {
  /** @param {import('./ask-stack.cjs').Serverless} serverless */
  constructor(serverless) {
    this.hooks = {
      'before:deploy:deploy': async () => {
        const { GetTemplateCommand } = require('@aws-sdk/client-cloudformation');
        const present = await askStack(serverless.getProvider('aws'), async (client, StackName) => {
          const { TemplateBody = '{}' } = await client.send(new GetTemplateCommand({ StackName }));
          return JSON.parse(TemplateBody).Resources ?? {};
        });
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        keepPresent(present ?? {}, Resources);
      },
    };
  }
}

module.exports = Object.assign(KeepPresent, { keepPresent });
