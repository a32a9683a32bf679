// @ts-check
/**
 * Before a deploy takes the inference stream away, what is in it has to be read: the framework runs this, and it refuses
 * a deploy that would lose messages. docs/upgrade.md says what to do.
 */
const askStack = require('./ask-stack.cjs');
const refuse = require('./refuse.cjs');

/** Longer than a window of a batch and a call, s; a stream that is behind has an alarm. */
const READ_AFTER_S = 300;

/** @typedef {Partial<import('@aws-sdk/client-cloudformation').Stack>} Stack */

/**
 * Why a deploy would lose messages, or null.
 * @param {Stack | undefined} stack as it stands
 * @param {Readonly<Record<string, unknown>>} resources what is to be deployed
 * @param {number} now ms since the epoch
 * @returns {string | null}
 */
const unread = (stack, resources, now) => {
  const outputs = new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  if (!outputs.has('InferenceStreamName') || resources.InferenceStream !== undefined) return null;
  if (outputs.get('InferenceIngest') !== 'direct')
    return 'this deploy would delete the inference stream with what nobody has read of it: deploy with --param drainStream=on first, and without it five minutes later (docs/upgrade.md)';
  const since = new Date(stack?.LastUpdatedTime ?? stack?.CreationTime ?? 0).getTime();
  const left = READ_AFTER_S - Math.floor((now - since) / 1000);
  return left > 0
    ? `the inference stream may hold messages that nobody has read: deploy once more in ${left} s (docs/upgrade.md)`
    : null;
};

/**
 * @typedef {Readonly<{
 *   service: { provider: { compiledCloudFormationTemplate: { Resources: Readonly<Record<string, unknown>> } } },
 *   getProvider: (name: 'aws') => import('./ask-stack.cjs').Aws,
 * }>} Serverless
 */

class KeepUnread {
  /** @param {Serverless} serverless */
  constructor(serverless) {
    this.hooks = {
      'before:deploy:deploy': async () => {
        const { DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');
        const stack = await askStack(serverless.getProvider('aws'), async (client, StackName) => {
          const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
          return Stacks?.[0];
        });
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        // A stack that is not there has nothing unread.
        const why = unread(stack, Resources, Date.now());
        if (why !== null) refuse([why]);
      },
    };
  }
}

module.exports = Object.assign(KeepUnread, { unread });
