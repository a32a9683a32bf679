import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { INFERENCE_TOPIC } from '../domain/message/topic.ts';
import { keepHeapSmall } from '../edge/gateway/housekeeping.ts';
import { LIVE_SOURCES } from '../edge/gateway/live-source.ts';
import type { Log } from '../edge/gateway/log.ts';
import { type EdgeResult, startEdge } from '../edge/main.ts';
import { modelLoader } from '../edge/model/calibration/calibrated-model.ts';
import type { TreeChoice } from '../edge/model/model.ts';
import { checkBrokerUrl } from '../edge/transport/broker-address.ts';
import { createMqttTransport, type MqttConnectionEvent } from '../edge/transport/mqtt-transport.ts';
import { basicIngestTransport, isTopicPrefix, prefixedTransport } from '../edge/transport/transport.ts';
import { type EdgeBrokerOptions, edgeBroker, withBrokerOptions } from './edge/edge-broker.ts';
import { type EdgeSourceOptions, edgeSources } from './edge/edge-sources.ts';
import { mapOption } from './options/map-file.ts';
import { challengerOption, LINE_MODEL, openModel, treesOption } from './options/open-model.ts';
import { duration, name, ruleName, wholeNumber } from './options/option-value.ts';
import { say, writeLine } from './terminal/output.ts';
import { createStopper } from './terminal/run-stopper.ts';
import { UsageError } from './terminal/usage-error.ts';

/** For people: sentences on standard error. */
const plainLog: Log = ({ message }) => say(message);

/** For machines: one JSON object a line on standard output, with the time in UTC. */
const jsonLog: Log = (entry) => {
  writeLine(JSON.stringify({ time: new Date().toISOString(), ...entry }));
};

/** Logs what befalls the connection to the broker; the same over and over only once. */
const connectionLog = (log: Log, broker: string): ((event: MqttConnectionEvent) => void) => {
  let told = '';
  return (event) => {
    const message = connectionText(event, broker);
    if (message === told) return;
    told = message;
    const level = event.kind === 'connected' || event.kind === 'back' ? 'info' : 'warn';
    log({ level, event: 'connection', message });
  };
};

const connectionText = (event: MqttConnectionEvent, broker: string): string => {
  switch (event.kind) {
    case 'connected':
      return `connected to ${broker}`;
    case 'back':
      return `connected to ${broker} again`;
    case 'lost':
      return `connection to ${broker} lost; samples wait in the queue`;
    case 'dropped':
      return (
        `${broker} ends the connection before it acknowledges anything; of AWS IoT: does the policy allow iot:Publish ` +
        'on the topics of this gateway? Samples wait in the queue'
      );
    case 'failed':
      return `${event.message}; samples wait in the queue`;
  }
};

type Options = EdgeSourceOptions &
  EdgeBrokerOptions &
  Readonly<{
    model?: string;
    trees?: TreeChoice;
    challenger?: string;
    calibrated?: boolean;
    queue: string;
    queueMaxAge: number;
    queueMaxMb: number;
    drainPerSecond: number;
    inFlight: number;
    timeout: number;
    linger: number;
    basicIngest?: string;
    topicPrefix: string;
    logJson?: boolean;
  }>;

/** `sentinel edge`: a gateway over MQTT that loses nothing while the broker is away. */
export const edgeCommand = (): Command =>
  withBrokerOptions(
    new Command('edge').description(
      'run a gateway: read sensors, score them, and publish over MQTT by way of a queue on disk',
    ),
  )
    .option('--gateway <name>', 'the name of the gateway', name, 'gateway')
    .addOption(
      new Option(
        '--source <kind>',
        'JSON lines on stdin or a Unix socket, Modbus, OPC UA, Sparkplug B, a recording, a simulated line, random',
      )
        .choices(['stdin', 'socket', ...LIVE_SOURCES, 'csv', 'simulated', 'random'])
        .default('stdin'),
    )
    .option('--socket <path>', 'the Unix socket of --source socket, for one or more bridges')
    .addOption(mapOption())
    .option('--input <file>', 'the recording of --source csv')
    .option('--until-end', 'send a recording with its own times, as fast as it goes, and stop')
    .option('--model <path>', 'an XGBoost model file or folder; a newer one put there is taken up')
    .addOption(treesOption())
    .addOption(challengerOption())
    .option('--calibrated', 'send probabilities by the calibration of the card beside each model')
    .option('--queue <path>', 'the file of the queue, or a folder for it', 'sentinel-queue.sqlite')
    .addOption(
      new Option('--queue-max-age <duration>', 'older samples are given up')
        .argParser(duration)
        .default(72 * 3_600_000, '72h'),
    )
    .option('--queue-max-mb <number>', 'how large the queue may grow', wholeNumber(1, 1_000_000), 1024)
    .option(
      '--drain-per-second <number>',
      'the most samples a second of what is older than a quarter of an hour',
      wholeNumber(1, 1_000_000),
      200,
    )
    .option('--in-flight <number>', 'the most messages that may be unacknowledged', wholeNumber(1, 1000), 20)
    .addOption(
      new Option('--timeout <duration>', 'how long an acknowledgement may take')
        .argParser(duration)
        .default(10_000, '10s'),
    )
    .option(
      '--linger <duration>',
      'how long a live sample waits for others of its cylinder to share a message',
      duration,
      0,
    )
    .option(
      '--basic-ingest <rule>',
      'send samples straight to this rule of AWS IoT, past the message broker',
      ruleName,
    )
    .addOption(
      new Option('--topic-prefix <levels>', 'what stands before <gateway>/<cylinder> in a topic')
        .argParser(topicPrefix)
        .default(INFERENCE_TOPIC),
    )
    .option('--cylinders <number>', 'how many cylinders the simulated line has', wholeNumber(1, 1000), 6)
    .option('--seed <number>', 'another seed is another line', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--log-json', 'write the log as JSON lines on stdout')
    .action(edge);

const topicPrefix = (text: string): string => {
  if (isTopicPrefix(text)) return text;
  throw new InvalidArgumentError('Write levels of a topic, without wildcards, with no slash at either end.');
};

const edge = async (options: Options): Promise<void> => {
  keepHeapSmall();
  const log = options.logJson === true ? jsonLog : plainLog;
  const broker = await edgeBroker(options);
  const path = modelPath(options);
  const sources = await edgeSources(options);
  const stopper = createStopper(undefined);
  const loaded = Promise.withResolvers<void>();
  const tell = connectionLog(log, brokerName(options.to));
  const transport = createMqttTransport({
    ...broker,
    // Without a model there is but one thing to say.
    onConnection: (event) => void loaded.promise.then(() => tell(event)),
  });
  const { basicIngest, topicPrefix: prefix } = options;
  try {
    // While the model is read the connection is on its way, and sources keep what they get.
    await yieldToEventLoop();
    const load = modelLoader(options.calibrated === true);
    const first = await openModel(path, options.trees, load);
    loaded.resolve();
    const result = await startEdge(
      {
        transport:
          basicIngest === undefined
            ? prefixedTransport(transport, prefix)
            : basicIngestTransport(transport, `$aws/rules/${basicIngest}`, prefix),
        model: { first, path },
        load,
        challengerPath: options.challenger,
        openSources: sources.open,
        log,
      },
      {
        gateway: options.gateway,
        queue: {
          path: queuePath(options.queue),
          maxAgeMs: sources.recentMs ?? options.queueMaxAge,
          maxBytes: options.queueMaxMb * 2 ** 20,
        },
        drainPerSecond: options.drainPerSecond,
        inFlight: options.inFlight,
        timeoutMs: options.timeout,
        lingerMs: options.linger,
        pace: sources.pace,
        ...(sources.recentMs === undefined ? {} : { recentMs: sources.recentMs }),
        ...(sources.maxQueued === undefined ? {} : { maxQueued: sources.maxQueued }),
        signal: stopper.signal,
      },
    );
    log({ level: 'info', event: 'stopped', message: `stopped: ${describe(result)}` });
  } finally {
    stopper.stop();
    await sources.close();
    await transport.close();
  }
};

const modelPath = ({ model, source }: Options): string => {
  if (model !== undefined) return model;
  if (source === 'simulated' || source === 'random') return LINE_MODEL;
  throw new UsageError(`--source ${source} needs the model that fits it: --model PATH`);
};

const queuePath = (path: string): string => {
  const isFolder = path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory());
  const file = isFolder ? join(path, 'queue.sqlite') : path;
  mkdirSync(dirname(file), { recursive: true });
  return file;
};

/** The address without the password that may be in it. */
const brokerName = (url: string): string => {
  const checked = checkBrokerUrl(url);
  return checked.ok ? checked.shown : url;
};

const describe = ({ samples, acknowledged, queued }: EdgeResult): string => {
  const left = queued === 0 ? '' : `, ${queued} kept in the queue for the next start`;
  return `${samples} samples scored, ${acknowledged} acknowledged${left}`;
};
