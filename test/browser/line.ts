import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';

const ROOT = join(import.meta.dirname, '..', '..');

/** An alarm that makes up its mind within seconds: of ten slots, six abnormal ones raise and two normal ones clear. */
const POLICY = {
  latenessMs: 1000,
  windowMs: 5000,
  reopenWithinMs: 1000,
  notifyFrom: 'advisory',
  remind: {},
  levels: [
    { severity: 'advisory', afterMs: 0, clearHoldMs: 2000 },
    { severity: 'warning', afterMs: 600_000, clearHoldMs: 2000 },
    { severity: 'alarm', afterMs: 3_600_000, clearHoldMs: 2000 },
  ],
};

export type Health = 'normal' | 'abnormal';

/** A line of devices of our own at a real `npm start`. */
export type Line = Readonly<{
  url: string;
  /** What a cylinder sends once a second from now on. */
  set(cylinder: string, health: Health): void;
  /** Sends something once, whatever it is. */
  publish(topic: string, payload: string): Promise<void>;
  /** The same as a client of this name. */
  publishAs(clientId: string, topic: string, payload: string): Promise<void>;
  /** A second of many cylinders at once. */
  flood(cylinders: readonly string[]): Promise<void>;
  /** All that the pipeline has printed. */
  printed(): string;
  kill(): Promise<void>;
  /** Starts it again on the same folder and ports. */
  start(): Promise<void>;
  close(): Promise<void>;
}>;

type Reading = Readonly<Record<string, unknown>>;

const reading = (health: Health, t: number): Reading => {
  // A little movement, as of a machine.
  const beat = Math.sin(t / 2000);
  const isBad = health === 'abnormal';
  return {
    t,
    rVibration_Temp: (isBad ? 61 : 45) + beat,
    rVibration_Z_RMS_Velocity: (isBad ? 7.4 : 2.1) + 0.1 * beat,
    rVibration_X_RMS_Velocity: (isBad ? 4.2 : 1.8) + 0.1 * beat,
    wRMSCurrent: 3.4 + 0.2 * beat,
    wCurrentLoad: 41 + 3 * beat,
    wEncoderVelocity: 1000 + 40 * beat,
    probability: isBad ? 0.97 : 0.03,
    why: isBad ? [0.8, 2.6, 1.9, 0.1, 0.1, -0.1] : [0, 0, 0, 0, 0, 0],
  };
};

const waitForText = (child: ChildProcess, printed: () => string, pattern: RegExp): Promise<RegExpExecArray> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(printed());
      if (found !== null) resolve(found);
    };
    child.stderr?.on('data', look);
    child.stdout?.on('data', look);
    child.once('exit', () => reject(new Error(`npm start ended: ${printed()}`)));
    look();
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** How far back a cylinder has been normal when it is first heard: long enough for its usual range to be known. */
const PAST_S = 120;

/** Opens a line of devices of our own; or the simulated one, with a quarter of an hour behind it and the usual alarm. */
export const openLine = async ({ isSimulated = false } = {}): Promise<Line> => {
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(POLICY));
  let text = '';
  let child: ChildProcess;
  let client: MqttClient;
  let [url, mqttPort] = ['', '0'];
  const printed = (): string => text;
  const begin = async (): Promise<void> => {
    text = '';
    const deskPort = url === '' ? '0' : new URL(url).port;
    const kind = isSimulated ? [] : ['--source', 'none', '--policy', policy];
    const fixed = ['run', '--data', join(folder, 'data'), ...kind];
    child = spawn(
      process.execPath,
      [join(ROOT, 'cli', 'sentinel.ts'), ...fixed, '--desk-port', deskPort, '--mqtt-port', mqttPort],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TZ: 'UTC' } },
    );
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    [, url = ''] = await waitForText(child, printed, /desk +(http:\/\/\S+)/);
    [, mqttPort = ''] = await waitForText(child, printed, /MQTT broker +mqtt:\/\/[\w.]+:(\d+)/);
    client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { reconnectPeriod: 0 });
    client.on('error', () => {});
  };
  const healths = new Map<string, Health>();
  const send = async (cylinder: string, readings: readonly Reading[]): Promise<void> => {
    const payload = JSON.stringify({ v: 1, cylinder, model: 'press-model@1', samples: readings });
    await client.publishAsync(`greengrass/ml/inference/gw-1/${cylinder}`, payload, { qos: 1 });
  };
  await begin();
  const ticking = setInterval(() => {
    if (!client.connected) return;
    for (const [cylinder, health] of healths) send(cylinder, [reading(health, Date.now())]).catch(() => {});
  }, 1000);
  const kill = async (): Promise<void> => {
    client.end(true);
    child.kill('SIGKILL');
    await ended(child);
  };
  return {
    get url() {
      return url;
    },
    set: (cylinder, health) => {
      if (!healths.has(cylinder)) {
        const now = Date.now();
        for (let back = PAST_S; back > 1; back -= 10) {
          const ten = Array.from({ length: 10 }, (_, index) =>
            reading('normal', now - (back - index) * 1000),
          );
          send(cylinder, ten).catch(() => {});
        }
      }
      healths.set(cylinder, health);
    },
    publish: async (topic, payload) => {
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    publishAs: async (clientId, topic, payload) => {
      const own = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { clientId, reconnectPeriod: 0 });
      await own.publishAsync(topic, payload, { qos: 1 });
      await own.endAsync();
    },
    flood: async (cylinders) => {
      const now = Date.now();
      for (let first = 0; first < cylinders.length; first += 200)
        await Promise.all(
          cylinders.slice(first, first + 200).map((cylinder) => send(cylinder, [reading('normal', now)])),
        );
    },
    printed,
    kill,
    start: begin,
    close: async () => {
      clearInterval(ticking);
      client.end(true);
      child.kill('SIGTERM');
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
