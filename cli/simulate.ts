import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { createScorer, type GatewayProgress, runGateway } from '../edge/gateway/run-gateway.ts';
import { connectPublisher, MAX_QUEUED_IN_MEMORY } from '../edge/publisher/connect-publisher.ts';
import { QUEUED_MS } from '../edge/simulator/fault-schedule.ts';
import { createLine } from '../edge/simulator/line.ts';
import { randomSource, simulatedSource } from '../edge/sources/generated-source.ts';
import type { Source } from '../edge/sources/source.ts';
import { realClock } from '../edge/timing/timing.ts';
import type { MqttConnectionEvent } from '../edge/transport/mqtt-transport.ts';
import { LINE_MODEL, openModel } from './options/open-model.ts';
import { brokerUrl, duration, name, speed, wholeNumber } from './options/option-value.ts';
import { say } from './terminal/output.ts';
import { createStopper } from './terminal/run-stopper.ts';

const TELL_EVERY_MS = 10_000;

type Options = Readonly<{
  to: string;
  gateway: string;
  cylinders: number;
  seed: number;
  source: 'simulated' | 'random';
  model: string;
  history: number;
  speed: number;
  for?: number;
  username?: string;
  password?: string;
}>;

/** `sentinel simulate`: a simulated gateway against any MQTT broker. */
export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('publish a simulated line to an MQTT broker, as a gateway would')
    .requiredOption('--to <url>', 'the broker: mqtt://host:1883, mqtts://, ws:// or wss://', brokerUrl)
    .option('--gateway <name>', 'the name of the gateway', name, 'simulated')
    .option('--cylinders <number>', 'how many cylinders the line has', wholeNumber(1, 1000), 6)
    .option('--seed <number>', 'another seed is another line', wholeNumber(0, 2 ** 32 - 1), 1)
    .addOption(
      new Option('--source <kind>', 'a line with faults, or six random values')
        .choices(['simulated', 'random'])
        .default('simulated'),
    )
    .addOption(
      new Option('--model <path>', 'an XGBoost model').default(LINE_MODEL, 'the one for the simulated line'),
    )
    .addOption(
      new Option('--history <duration>', 'what is in the queue at the start, sent first')
        .argParser(duration)
        .default(QUEUED_MS, '15m'),
    )
    .option('--speed <factor>', 'how many times as fast as the clock', speed, 1)
    .option('--for <duration>', 'stop after this time by the clock on the wall', duration)
    .addOption(new Option('--username <name>', 'for the broker').env('SENTINEL_MQTT_USERNAME'))
    .addOption(new Option('--password <text>', 'for the broker').env('SENTINEL_MQTT_PASSWORD'))
    .action(simulate);

const simulate = async (options: Options): Promise<void> => {
  const model = await openModel(options.model);
  const boot = randomUUID();
  const nowMs = Math.floor(Date.now() / 1000) * 1000;
  const clock = realClock(options.speed, nowMs);
  const publisher = await connectPublisher({
    url: options.to,
    username: options.username,
    password: options.password,
    clientId: `${options.gateway}-${boot.slice(0, 8)}`,
    gateway: options.gateway,
    now: clock.now,
    onConnection: logConnection(say),
  });
  say(`${options.cylinders} cylinders of gateway ${options.gateway} by ${model.name}; Ctrl-C stops`);
  if (options.speed > 1) say('event time runs ahead: a receiver with its own clock refuses it after 60 s');
  const stopper = createStopper(options.for);
  const progress = await runGateway(
    { source: openSource(options, nowMs), score: createScorer(model).score, publisher, clock },
    {
      boot,
      pace: 'clock',
      maxQueued: MAX_QUEUED_IN_MEMORY,
      signal: stopper.signal,
      onProgress: progressTeller(),
    },
  ).finally(stopper.stop);
  await publisher.close();
  say(`stopped: ${describe(progress)}`);
  const lost = progress.samples - progress.acknowledged;
  if (lost > 0) throw new Error(`${lost} samples were not acknowledged by the broker`);
};

/** Logs what happens to a connection, a line each; the same failure over and over only once. */
const logConnection = (log: (line: string) => void): ((event: MqttConnectionEvent) => void) => {
  let last = '';
  return (event) => {
    const line = connectionText(event);
    if (line === last) return;
    last = line;
    log(line);
  };
};

const connectionText = (event: MqttConnectionEvent): string => {
  switch (event.kind) {
    case 'lost':
    case 'dropped':
      return 'connection to the broker lost; trying again';
    case 'failed':
      return event.message;
    case 'connected':
      return 'connected to the broker';
    case 'back':
      return 'connected to the broker again; what was not acknowledged is sent again';
  }
};

/** The story of the line begins a quarter of an hour ago, whatever of it is sent. */
const openSource = ({ cylinders, seed, source, history }: Options, nowMs: number): Source => {
  const line = createLine({ cylinders, seed, startMs: nowMs - QUEUED_MS });
  const fromMs = nowMs - Math.floor(history / 1000) * 1000;
  return source === 'random'
    ? randomSource({ cylinders: line.names, seed, fromMs })
    : simulatedSource(line, fromMs);
};

const progressTeller = (): ((progress: GatewayProgress) => void) => {
  let toldMs = Date.now();
  return (progress) => {
    if (Date.now() - toldMs < TELL_EVERY_MS) return;
    toldMs = Date.now();
    say(describe(progress));
  };
};

const describe = ({ samples, acknowledged, lastMs }: GatewayProgress): string => {
  const until = lastMs === null ? '' : `, up to ${new Date(lastMs).toISOString()}`;
  return `${samples} samples sent, ${acknowledged} acknowledged${until}`;
};
