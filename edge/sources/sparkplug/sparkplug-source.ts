import { readFileSync } from 'node:fs';
import type { SparkplugMapping } from '../../../domain/mapping/connections.ts';
import type { Mapping } from '../../../domain/mapping/mapping.ts';
import { loadDriver } from '../../drivers/driver.ts';
import { createChannel, type OnSourceEvent, type SourceSample } from '../source.ts';
import { createSparkplugHost } from './sparkplug-host.ts';
import { loadSparkplug } from './sparkplug-payload.ts';

/** What is used of `mqtt`, which comes with what is installed on demand: a package for a core device has no other. */
type MqttModule = Readonly<{ connect(url: string, options: object): MqttClient }>;
type MqttClient = Readonly<{
  on(event: 'connect' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'message', listener: (topic: string, body: Uint8Array) => void): unknown;
  subscribe(topic: string, options: object, done: (error: Error | null) => void): unknown;
  publish(topic: string, body: string | Uint8Array, options: object): unknown;
  endAsync(isForced: boolean): Promise<void>;
}>;

const isMqttModule = (module: unknown): module is MqttModule =>
  typeof module === 'object' && module !== null && 'connect' in module;

export type SparkplugParts = Readonly<{
  mapping: Mapping;
  sparkplug: SparkplugMapping;
  now: () => number;
  onEvent: OnSourceEvent;
  signal: AbortSignal;
}>;

const NAMESPACE = 'spBv1.0';

const fileOf = (path: string | undefined): Buffer | undefined =>
  path === undefined ? undefined : readFileSync(path);

/** Edge nodes of Sparkplug B behind any broker, until the signal: a sample of each cylinder each period while it lives. */
export async function* sparkplugSource(parts: SparkplugParts): AsyncGenerator<readonly SourceSample[], void> {
  const { mapping, sparkplug, now, onEvent, signal } = parts;
  const { broker, user, group = '+', host: hostId } = sparkplug;
  const codec = await loadSparkplug();
  const mqtt = await loadDriver('sparkplug', 'mqtt');
  if (!isMqttModule(mqtt)) throw new Error('mqtt is another version than this program knows');
  const channel = createChannel<readonly SourceSample[]>();
  const tell = (reason: string, message: string): void =>
    onEvent({ kind: 'bad-line', source: broker, reason, message });
  const state = `${NAMESPACE}/STATE/${hostId}`;
  const said = { timestamp: now() };
  const client = mqtt.connect(broker, {
    clean: true,
    reconnectPeriod: 2000,
    username: user?.name,
    password:
      user === undefined ? undefined : (readFileSync(user.passwordFile, 'utf8').split(/\r?\n/)[0] ?? ''),
    ca: fileOf(sparkplug.ca),
    cert: fileOf(sparkplug.certificate),
    key: fileOf(sparkplug.key),
    ...(hostId === undefined
      ? {}
      : {
          will: { topic: state, payload: JSON.stringify({ online: false, ...said }), qos: 1, retain: true },
        }),
  });
  const host = createSparkplugHost({
    mapping,
    sparkplug,
    now,
    onEvent,
    askRebirth: (of, node) =>
      client.publish(`${NAMESPACE}/${of}/NCMD/${node}`, codec.rebirth(now()), { qos: 0 }),
  });
  const give = (samples: readonly SourceSample[]): void => {
    if (samples.length > 0) void channel.send(samples);
  };
  client.on('connect', () => {
    client.subscribe(`${NAMESPACE}/${group}/#`, { qos: 1 }, (error) => {
      if (error !== null)
        return tell('connection', `it does not let this gateway subscribe: ${error.message}`);
      onEvent({ kind: 'well', source: broker, message: 'connected' });
      host.resume();
      if (hostId !== undefined)
        client.publish(state, JSON.stringify({ online: true, ...said }), { qos: 1, retain: true });
    });
  });
  client.on('error', (error) => tell('connection', error.message));
  client.on('close', () => {
    if (signal.aborted) return;
    host.lost();
    tell('connection', 'the connection is lost or not there; trying again');
  });
  client.on('message', (topic, body) => {
    if (topic.startsWith(`${NAMESPACE}/STATE/`) || /\/[ND]CMD\//.test(topic)) return;
    const payload = codec.decode(body);
    if (payload === null) tell('payload', `${topic}: its payload is none of Sparkplug B`);
    else give(host.take(topic, payload));
  });
  const timer = setInterval(() => give(host.tick()), (mapping.periodMs ?? 1000) / 4);
  const end = (): void => channel.end();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    yield* channel.items();
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', end);
    // Without a farewell, so that the broker publishes the will, by which this host is offline.
    await client.endAsync(true);
  }
}
