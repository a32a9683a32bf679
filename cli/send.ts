import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { INFERENCE_TOPIC } from '../domain/message/topic.ts';
import { encodeMessages } from '../edge/message/encode-message.ts';
import {
  type AwsOptions,
  clientSettings,
  endpointOption,
  profileOption,
  regionOption,
  stackOf,
} from './options/aws-options.ts';
import { brokerUrl, duration, isDecimal, name } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';
import { createStopper } from './terminal/run-stopper.ts';
import { UsageError } from './terminal/usage-error.ts';

type Options = AwsOptions &
  Readonly<{
    to: string;
    aws?: boolean;
    stage: string;
    stack?: string;
    gateway: string;
    cylinder: string;
    probability: number;
    for: number;
  }>;

/** Where messages go to, each resolved when it is taken. `prefix`: the topic under which gateways publish. */
type Way = Readonly<{
  prefix: string;
  publish: (topic: string, payload: string) => Promise<unknown>;
  close: () => Promise<unknown>;
}>;

/** How far samples are apart. */
const EVERY_MS = 1000;

const overMqtt = async (url: string): Promise<Way> => {
  const { openConnection } = await import('../edge/transport/mqtt-transport.ts');
  const opened = await openConnection({ url }, `sentinel-send-${randomUUID()}`);
  if (!opened.ok)
    throw new UsageError(`no broker at ${url}: start one with npm start, or name another with --to`, {
      cause: opened.error,
    });
  const { connection } = opened;
  const lost = connection.ended.then(() => {
    throw new Error(`the broker at ${url} closed the connection`);
  });
  // Whoever waits for an answer hears of it; otherwise it ends as it was meant to.
  lost.catch(() => undefined);
  return {
    prefix: INFERENCE_TOPIC,
    publish: (topic, payload) =>
      Promise.race([
        new Promise<void>((resolve) => connection.publish(topic, payload, () => resolve())),
        lost,
      ]),
    close: () => connection.close(),
  };
};

const toAws = async (options: Options): Promise<Way> => {
  const stack = stackOf(options);
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { IoTDataPlaneClient, PublishCommand } = await import('@aws-sdk/client-iot-data-plane');
  const { findStack } = await import('../aws/cloudformation/find-stack.ts');
  const { explained } = await import('../aws/aws-error.ts');
  const { topicPrefix } = await findStack(new CloudFormationClient(clientSettings(options)), stack);
  if (topicPrefix === null)
    throw new UsageError(
      `the stack ${stack} has no output InferenceTopicFilter: is it one of Cylinder Sentinel?`,
    );
  // The SDK's own address of the data plane serves every account.
  const client = new IoTDataPlaneClient(clientSettings(options));
  return {
    prefix: topicPrefix,
    publish: (topic, payload) =>
      client
        .send(new PublishCommand({ topic, qos: 1, payload: new TextEncoder().encode(payload) }))
        .catch(explained(`nothing was published on ${topic}`)),
    close: () => Promise.resolve(client.destroy()),
  };
};

/** What a machine at work measures; one that the model calls abnormal runs hot and shakes. */
const valuesAt = (probability: number): readonly number[] =>
  probability < 0.5 ? [46, 2.1, 1.9, 3.3, 40, 1180] : [64, 5.8, 5.1, 5.6, 71, 1120];

const send = async (options: Options): Promise<void> => {
  const { gateway, cylinder, probability, to, aws = false } = options;
  const way = aws ? await toAws(options) : await overMqtt(to);
  const stopper = createStopper(undefined);
  const sender = { gateway, cylinder, boot: randomUUID(), model: 'sentinel-send' };
  const topic = `${way.prefix}/${gateway}/${cylinder}`;
  let count = 0;
  try {
    const end = Date.now() + options.for;
    do {
      const t = Date.now();
      const [values, why] = [valuesAt(probability), null];
      for (const { payload } of encodeMessages(sender, [{ t, seq: count, values, probability, why }]))
        await way.publish(topic, payload);
      count += 1;
      const rest = t + EVERY_MS - Date.now();
      if (Date.now() + rest < end)
        await delay(rest, undefined, { signal: stopper.signal }).catch(() => undefined);
      else break;
    } while (!stopper.signal.aborted);
    writeLine(`${count} sample${count === 1 ? '' : 's'} on ${topic}`);
  } finally {
    stopper.stop();
    await way.close();
  }
};

const ratio = (text: string): number => {
  const value = isDecimal(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Write a number from 0 to 1.');
};

/** `sentinel send`: a test sample of one cylinder, or one each second, to where its pipeline takes them in. */
export const sendCommand = (): Command => {
  const aws = (option: Option): Option => option.conflicts('to').implies({ aws: true });
  return new Command('send')
    .description('publish a test sample of a cylinder to a pipeline, as a gateway would')
    .requiredOption('--cylinder <name>', 'of which cylinder: one of its own, no machine of the plant', name)
    .option('--gateway <name>', 'through which gateway', name, 'desk')
    .option('--probability <number>', 'how abnormal it is, from 0 to 1', ratio, 0.02)
    .option('--for <duration>', 'one each second for so long, as 2m (default: one)', duration, 0)
    .option('--to <url>', 'the broker of a pipeline that runs', brokerUrl, 'mqtt://127.0.0.1:1883')
    .addOption(new Option('--aws', 'to the stack that is deployed, over HTTPS').conflicts('to'))
    .addOption(new Option('--stage <name>', 'the stage that was deployed').default('dev').conflicts('to'))
    .addOption(aws(new Option('--stack <name>', 'the stack, where it is not cylinder-sentinel-<stage>')))
    .addOption(aws(regionOption()))
    .addOption(aws(profileOption()))
    .addOption(aws(endpointOption()))
    .action(send);
};
