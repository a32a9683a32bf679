// @ts-check
/**
 * Before a deploy takes the inference stream away, what is in it has to be read: the framework runs this, and it refuses
 * a deploy that would lose messages. docs/upgrade.md says what to do.
 */
const askStack = require('./ask-stack.cjs');
const refuse = require('./refuse.cjs');

/** Longer than a window of a batch and a call, s. */
const READ_AFTER_S = 300;

/** Who reads the stream. */
const READERS = ['store', 'watch'];

/** @typedef {Partial<import('@aws-sdk/client-cloudformation').Stack>} Stack */
/** @typedef {Readonly<{ reader: string, result: string | undefined }>} Reading what became of the batch that a function read last */

/** @param {Stack | undefined} stack */
const outputsOf = (stack) =>
  new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));

/**
 * Why a deploy would lose messages, or null.
 * @param {Stack | undefined} stack as it stands
 * @param {Readonly<Record<string, unknown>>} resources what is to be deployed
 * @param {number} now ms since the epoch
 * @returns {string | null}
 */
const unread = (stack, resources, now) => {
  const outputs = outputsOf(stack);
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
 * Why what is in the stream may be unread after that time, or null: what a function fails at it reads again and again.
 * https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
 * @param {readonly Reading[]} readings
 * @returns {string | null}
 */
const stuck = (readings) => {
  const failing = readings.find(({ result }) => result?.startsWith('PROBLEM'));
  return failing === undefined
    ? null
    : `${failing.reader} fails at what it reads from the inference stream (${failing.result}), which this deploy would delete: its log says why; mend that first (docs/upgrade.md)`;
};

/**
 * @param {import('./ask-stack.cjs').Aws} aws @param {string} streamName
 * @returns {Promise<readonly Reading[]>}
 */
const readingsOf = async (aws, streamName) => {
  const { LambdaClient, ListEventSourceMappingsCommand } = require('@aws-sdk/client-lambda');
  const client = new LambdaClient(await aws.getAwsSdkV3Config());
  const answers = READERS.map(async (reader) => {
    const FunctionName = `${aws.naming.getStackName()}-${reader}`;
    const { EventSourceMappings = [] } = await client.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    );
    return EventSourceMappings.filter(({ EventSourceArn }) =>
      EventSourceArn?.endsWith(`:stream/${streamName}`),
    ).map(({ LastProcessingResult: result }) => ({ reader, result }));
  });
  return (await Promise.all(answers)).flat();
};

class KeepUnread {
  /** @param {import('./ask-stack.cjs').Serverless} serverless */
  constructor(serverless) {
    this.hooks = {
      'before:deploy:deploy': async () => {
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        if (Resources.InferenceStream !== undefined) return;
        const { DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');
        const stack = await askStack(serverless.getProvider('aws'), async (client, StackName) => {
          const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
          return Stacks?.[0];
        });
        // A stack that is not there has nothing unread.
        const why = unread(stack, Resources, Date.now());
        if (why !== null) refuse([why]);
        const name = outputsOf(stack).get('InferenceStreamName');
        if (name === undefined) return;
        const failing = stuck(await readingsOf(serverless.getProvider('aws'), name));
        if (failing !== null) refuse([failing]);
      },
    };
  }
}

module.exports = Object.assign(KeepUnread, { unread, stuck, readingsOf });
