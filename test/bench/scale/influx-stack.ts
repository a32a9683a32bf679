import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { SENSORS } from '../../../domain/message/sample.ts';
import { freePort } from '../../deploy/emulator/free-port.ts';
import type { Usage } from '../processes/usage.ts';
import type { PeerPrograms } from './peer-programs.ts';

/** Mosquitto with Telegraf and InfluxDB behind it, on free ports and in a folder of their own. */
export type InfluxStack = Readonly<{
  /** Of Mosquitto. */
  port: number;
  /** Of all three together. */
  usage(): Usage;
  /** Aborts where one of them has ended by itself. */
  ended: AbortSignal;
  /** Resolves with the number of samples in InfluxDB, once there are so many or no more come. */
  stored(expected: number): Promise<number>;
  end(): Promise<void>;
}>;

/** What is stored of a sample there is what is stored of it here: sensors, probability, number, and whose it is. */
const telegrafConfig = (mqttPort: number, httpPort: number): string => `
[agent]
  interval = "1s"
  flush_interval = "1s"
  metric_batch_size = 5000
  metric_buffer_limit = 200000
  omit_hostname = true
  quiet = true
[[outputs.influxdb]]
  urls = ["http://127.0.0.1:${httpPort}"]
  database = "line"
[[inputs.mqtt_consumer]]
  servers = ["tcp://127.0.0.1:${mqttPort}"]
  topics = ["greengrass/ml/inference/+/+"]
  topic_tag = ""
  qos = 1
  persistent_session = true
  client_id = "telegraf"
  max_undelivered_messages = 20000
  data_format = "json_v2"
  [[inputs.mqtt_consumer.topic_parsing]]
    topic = "greengrass/ml/inference/+/+"
    tags = "_/_/_/gateway/cylinder"
  [[inputs.mqtt_consumer.json_v2]]
    measurement_name = "samples"
    [[inputs.mqtt_consumer.json_v2.tag]]
      path = "boot"
    [[inputs.mqtt_consumer.json_v2.tag]]
      path = "model"
    [[inputs.mqtt_consumer.json_v2.object]]
      path = "samples"
      disable_prepend_keys = true
      timestamp_key = "t"
      timestamp_format = "unix_ms"
      included_keys = [${['t', 'seq', 'probability', ...SENSORS].map((key) => `"${key}"`).join(', ')}]
      [inputs.mqtt_consumer.json_v2.object.fields]
        seq = "int"
        probability = "float"
${SENSORS.map((sensor) => `        ${sensor} = "float"`).join('\n')}
`;

/** Its own settings but for the folders: each write is on disk before it is answered. */
const influxConfig = (folder: string, httpPort: number, rpcPort: number): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  max-series-per-database = 0
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${httpPort}"
  log-enabled = false
[logging]
  level = "error"
`;

const mosquittoConfig = (port: number): string => `
listener ${port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_inflight_messages 0
log_type none
`;

const READY_WITHIN_MS = 30_000;
const NO_MORE_AFTER_MS = 15_000;

/** What the kernel says of a process: its time in user and kernel mode, all threads, and its resident pages (proc(5)). */
const usageOf = ({ pid }: ChildProcess, ticksPerS: number): Usage => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { cpuUs: ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerS, rssMb: rssKb / 1024 };
};

const counted = v.object({
  results: v.tuple([
    v.object({
      series: v.optional(v.tuple([v.object({ values: v.tuple([v.tuple([v.unknown(), v.number()])]) })])),
    }),
  ]),
});

/** Starts all three; rejects where one of them does not come up. */
export const startInfluxStack = async (programs: PeerPrograms): Promise<InfluxStack> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-peer-'));
  const [port, httpPort, rpcPort] = [await freePort(), await freePort(), await freePort()];
  const ticksPerS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const children: ChildProcess[] = [];
  const ended = new AbortController();

  const start = (program: string, name: string, config: string, option: string): void => {
    const path = join(folder, name);
    writeFileSync(path, config);
    const child = spawn(program, [option, path], { stdio: 'ignore' });
    child.once('close', () => ended.abort(new Error(`${program} has ended`)));
    children.push(child);
  };
  const end = async (): Promise<void> => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const influx = (path: string, query: Readonly<Record<string, string>>, method = 'GET'): Promise<Response> =>
    fetch(`http://127.0.0.1:${httpPort}${path}?${new URLSearchParams(query)}`, { method });
  const answers = (what: string): Promise<Response | null> => influx(what, {}).catch(() => null);

  const count = async (): Promise<number> => {
    const query = { db: 'line', q: 'SELECT count(probability) FROM samples' };
    const answer = v.parse(counted, await (await influx('/query', query)).json());
    return answer.results[0].series?.[0].values[0][1] ?? 0;
  };

  try {
    start(programs.mosquitto, 'mosquitto.conf', mosquittoConfig(port), '-c');
    start(programs.influxd, 'influxdb.conf', influxConfig(folder, httpPort, rpcPort), '-config');
    const giveUp = performance.now() + READY_WITHIN_MS;
    while ((await answers('/ping'))?.status !== 204) {
      if (performance.now() > giveUp) throw new Error('InfluxDB did not come up');
      await delay(100);
    }
    await influx('/query', { q: 'CREATE DATABASE line' }, 'POST');
    start(programs.telegraf, 'telegraf.conf', telegrafConfig(port, httpPort), '--config');
    // It says nowhere that it has subscribed.
    await delay(3000);
    ended.signal.throwIfAborted();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    port,
    ended: ended.signal,
    usage: () => {
      ended.signal.throwIfAborted();
      const used = children.map((child) => usageOf(child, ticksPerS));
      return {
        cpuUs: used.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
        rssMb: used.reduce((sum, { rssMb }) => sum + rssMb, 0),
      };
    },
    stored: async (expected) => {
      let last = -1;
      let sinceMs = performance.now();
      for (;;) {
        const now = await count();
        if (now >= expected || performance.now() - sinceMs > NO_MORE_AFTER_MS) return now;
        if (now > last) sinceMs = performance.now();
        last = now;
        await delay(500);
      }
    },
    end,
  };
};
