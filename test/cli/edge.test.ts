import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMessage } from '../../domain/message/read-message.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { bytesOf, stump } from '../edge/model/stump.ts';
import { type Received, startBroker } from '../edge/publisher/test-broker.ts';

const folder = scratchFolder();
let files = 0;
const newPath = (name: string) => join(folder, `${++files}-${name}`);

const script = newPath('main.ts');
writeFileSync(
  script,
  `import { edgeCommand } from ${JSON.stringify(join(import.meta.dirname, '../../cli/edge.ts'))};
await edgeCommand().parseAsync().catch((error) => {
  console.error('sentinel: ' + error.message);
  process.exitCode = error.name === 'UsageError' ? 2 : 1;
});`,
);

// From `split` °C on it is abnormal.
const modelBytes = (split: number) => bytesOf(stump({ feature: 0, split, left: -2, right: 2 }));
const model = newPath('model.json');
writeFileSync(model, modelBytes(60));

const edge = (...options: string[]) => {
  const child = spawn(process.execPath, [script, '--gateway', 'gw-9', ...options], { stdio: 'pipe' });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended, [Symbol.dispose]: () => void child.kill('SIGKILL') };
};

const isStatus = ({ topic }: Received) => topic === 'greengrass/ml/status/gw-9';
const statusesIn = (received: readonly Received[]) =>
  received.filter(isStatus).map(({ payload }) => JSON.parse(payload));

const samplesIn = (received: readonly Received[]) =>
  received
    .filter((message) => !isStatus(message))
    .flatMap(({ topic, payload }) => {
      const reading = readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null });
      assert.deepEqual(reading.rejections, []);
      return reading.samples;
    });

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(5);
};

const line = (cylinder: string, temperature: number, t?: number) =>
  `${JSON.stringify({ cylinder, t, rVibration_Temp: temperature })}\n`;

test('lines on stdin arrive scored, numbered and explained; bad ones are told; the end of stdin ends it when all has arrived', async () => {
  await using broker = await startBroker();
  using running = edge('--to', broker.url, '--model', model, '--queue', newPath('q'), '--log-json');
  const now = Date.now();
  running.child.stdin.end(`${line('a', 70, now)}{"cylinder"}\n${line('b', 20, now)}${line('a', 20)}`);
  const { code, stdout, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  const samples = samplesIn(broker.received);
  assert.deepEqual(
    samples.map(({ cylinder, seq, probability }) => [cylinder, seq, probability > 0.5]).sort(),
    [
      ['a', 0, true],
      ['a', 1, false],
      ['b', 0, false],
    ],
  );
  assert.equal(samples.find(({ cylinder, seq }) => cylinder === 'a' && seq === 0)?.t, now);
  assert.ok(samples.every(({ why, boot }) => why?.length === 6 && boot === samples[0]?.boot));
  const [started, source] = statusesIn(broker.received);
  assert.deepEqual([started.kind, started.boot, started.queued], ['started', samples[0]?.boot, 0]);
  assert.deepEqual([source.kind, source.source, source.badLines], ['source', 'stdin', 1]);
  const log = stdout
    .trim()
    .split('\n')
    .map((entry) => JSON.parse(entry));
  assert.ok(log.every(({ time, level, event, message }) => time && level && event && message));
  assert.ok(
    log.some(({ event, message }) => event === 'source' && /line 2: .* is not a JSON object/.test(message)),
  );
  assert.match(log.at(-1).message, /^stopped: 3 samples scored, 3 acknowledged$/);
});

const bridge = join(import.meta.dirname, '../../../shared/cases/edge-stdin/in.jsonl');

test('of the lines of a bridge each kind that is bad is told at once, and all are counted by reason at the end', {
  skip: existsSync(bridge) ? false : 'the files of ../shared/cases are not here',
}, async () => {
  await using broker = await startBroker();
  using running = edge('--to', broker.url, '--model', model, '--queue', newPath('q'));
  running.child.stdin.end(readFileSync(bridge));
  const { stderr } = await running.ended;
  assert.match(stderr, /line 1: cylinder must be a name .*: it is not there\n/);
  assert.match(stderr, /line 8: .*it begins with a topic: leave out -v of mosquitto_sub\n/);
  assert.match(stderr, /4 refused in all: 2 cylinder, 1 sensor, 1 not-json\n/);
  const temperatures = samplesIn(broker.received).map(({ values }) => String(values[0]));
  assert.deepEqual(temperatures.sort(), ['41.5', '41.5', '41.5', '41.5', 'null']);
});

test('a gateway that starts without a broker keeps its samples, also when it is stopped, for a start that has one', async () => {
  const queue = newPath('q');
  await using broker = await startBroker();
  await broker.kill();
  {
    using running = edge('--to', broker.url, '--model', model, '--queue', queue);
    running.child.stdin.write(line('a', 20) + line('a', 30));
    running.child.stderr.on('data', (data) => {
      // A line that is complained of has been read after those before it were judged.
      if (String(data).includes('nothing listens there')) running.child.stdin.write('no sample\n');
      if (String(data).includes('is not a JSON object')) running.child.kill('SIGINT');
    });
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /stopped: 2 samples scored, 0 acknowledged, 2 kept in the queue for the next start/);
  }
  await using later = await startBroker({}, broker.port);
  using running = edge('--to', later.url, '--model', model, '--queue', queue);
  running.child.stdin.end(line('a', 40));
  assert.equal((await running.ended).code, 0);
  const samples = samplesIn(later.received);
  assert.deepEqual(
    samples.map(({ seq, values }) => [seq, values[0]]),
    [
      [0, 20],
      [1, 30],
      [0, 40],
    ],
  );
  assert.equal(new Set(samples.map(({ boot }) => boot)).size, 2);
});

test('a newer model is taken up between two samples, a bad one is told and the old one stays', async () => {
  await using broker = await startBroker();
  const path = newPath('model.json');
  writeFileSync(path, modelBytes(60));
  using running = edge('--to', broker.url, '--model', path, '--queue', newPath('q'));
  let temperature = 20;
  const feeding = setInterval(() => {
    temperature += 1;
    running.child.stdin.write(line('a', temperature % 100));
  }, 10);
  try {
    await until(() => samplesIn(broker.received).length > 40);
    writeFileSync(path, 'no model at all');
    await until(() => statusesIn(broker.received).some(({ modelError }) => modelError));
    writeFileSync(path, modelBytes(50));
    const models = () => [...new Set(samplesIn(broker.received).map((sample) => sample.model))];
    await until(() => models().length === 2);
    const [before, after] = models();
    const told = statusesIn(broker.received).filter(({ kind }) => kind === 'model');
    assert.match(told[0].modelError, /model\.json: /);
    assert.deepEqual(
      told.map((status) => [status.model, status.modelError === null]),
      [
        [before, false],
        [after, true],
      ],
    );
  } finally {
    clearInterval(feeding);
  }
});

test('bridges on a Unix socket feed it, and Ctrl-C ends it', async () => {
  await using broker = await startBroker();
  const path = newPath('s');
  using running = edge(
    '--to',
    broker.url,
    '--model',
    model,
    '--queue',
    `${folder}/`,
    '--source',
    'socket',
    '--socket',
    path,
  );
  await until(() => statusesIn(broker.received).length > 0);
  const bridges = [dial(path), dial(path)] as const;
  bridges[0].end(line('a', 20));
  bridges[1].write(line('b', 20));
  await until(() => samplesIn(broker.received).length === 2);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /stopped: 2 samples scored, 2 acknowledged/);
});

test('a recording goes out with its own times, in order, whatever its age, and the gateway ends', async () => {
  await using broker = await startBroker();
  const input = newPath('press.csv');
  const header =
    'time,rVibration_Temp,rVibration_Z_RMS_Velocity,rVibration_X_RMS_Velocity,wRMSCurrent,wCurrentLoad,wEncoderVelocity';
  const rows = Array.from({ length: 2000 }, (_, index) => `${1_600_000_000 + index},20,1,1,1,1,1`);
  writeFileSync(input, [header, ...rows].join('\n'));
  const options = ['--source', 'csv', '--input', input, '--until-end'];
  using running = edge('--to', broker.url, '--model', model, '--queue', newPath('q'), ...options);
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    samplesIn(broker.received).map(({ seq, t }) => [seq, t]),
    rows.map((_, index) => [index, (1_600_000_000 + index) * 1000]),
  );
});

test('with --basic-ingest samples go straight to the rule, and statuses to their topic', async () => {
  await using broker = await startBroker();
  const options = ['--model', model, '--queue', newPath('q'), '--basic-ingest', 'cylinders'];
  using running = edge('--to', broker.url, ...options);
  running.child.stdin.end(line('a', 70));
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    broker.received.map(({ topic }) => topic),
    ['greengrass/ml/status/gw-9', '$aws/rules/cylinders/greengrass/ml/inference/gw-9/a'],
  );
});

const TO = ['--to', 'mqtt://127.0.0.1:9'];
const REFUSED: readonly [what: string, options: readonly string[], code: number, message: RegExp][] = [
  ['no address', [], 1, /required option '--to <url>'/],
  ['stdin without a model', TO, 2, /--source stdin needs the model that fits it: --model PATH/],
  ['a model that is not there', [...TO, '--model', 'absent'], 2, /^sentinel: absent: there is no such file/],
  ['a socket without a path', [...TO, '--model', model, '--source', 'socket'], 2, /--socket PATH/],
  ['a recording without a file', [...TO, '--model', model, '--source', 'csv'], 2, /--input FILE/],
  ['a path for nothing', [...TO, '--model', model, '--socket', 'x'], 2, /--socket goes with --source socket/],
  ['a rule that can have no such name', [...TO, '--basic-ingest', 'a-b'], 1, /the name of the rule/],
  ['a drain of nothing', [...TO, '--drain-per-second', '0'], 1, /Write a whole number from 1/],
];

for (const [what, options, expected, message] of REFUSED) {
  test(`${what} is refused in one line`, async () => {
    const { code, stdout, stderr } = await edge(...options).ended;
    assert.equal(code, expected);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1);
  });
}
