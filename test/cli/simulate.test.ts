import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { readMessage } from '../../domain/message/read-message.ts';
import { bytesOf, stump } from '../edge/model/stump.ts';
import { type Received, startBroker } from '../edge/publisher/test-broker.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
after(() => rmSync(folder, { recursive: true }));

const script = join(folder, 'main.ts');
writeFileSync(
  script,
  `import { simulateCommand } from ${JSON.stringify(join(import.meta.dirname, '../../cli/simulate.ts'))};
await simulateCommand().parseAsync().catch((error) => {
  console.error('sentinel: ' + error.message);
  process.exitCode = error.name === 'UsageError' ? 2 : 1;
});`,
);

// Vibration Z of 3.2 mm/s or more is abnormal.
const model = join(folder, 'stump.json');
writeFileSync(model, bytesOf(stump({ feature: 1, split: 3.2, left: -2, right: 2 })));

const simulate = (...options: string[]) => {
  const child = spawn(process.execPath, [script, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended, [Symbol.dispose]: () => void child.kill('SIGKILL') };
};

const samplesIn = (received: readonly Received[]) =>
  received.flatMap(({ topic, payload }) => {
    const reading = readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null });
    assert.deepEqual(reading.rejections, []);
    return reading.samples;
  });

test('the queue of a quarter of an hour arrives first, with a cylinder that wears in it, then a second at a time until Ctrl-C', async () => {
  await using broker = await startBroker();
  using running = simulate('--to', broker.url, '--model', model, '--gateway', 'gw-9', '--cylinders', '3');
  while (broker.received.length < 3 * 90 + 3) await new Promise((resolve) => setTimeout(resolve, 10));
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '');
  const samples = samplesIn(broker.received);
  assert.match(stderr, new RegExp(`stopped: ${samples.length} samples sent, ${samples.length} acknowledged`));
  assert.deepEqual(new Set(samples.map(({ gateway }) => gateway)), new Set(['gw-9']));
  assert.equal(new Set(samples.map(({ boot }) => boot)).size, 1);
  assert.match(samples[0]?.model ?? '', /^stump\.json@[0-9a-f]{12}$/);
  const abnormal = new Map<string, number>();
  for (const { cylinder, probability } of samples) {
    abnormal.set(cylinder, (abnormal.get(cylinder) ?? 0) + (probability >= 0.5 ? 1 : 0));
  }
  const counts = [...abnormal.values()].sort((a, b) => a - b);
  assert.ok(counts.length === 3 && counts[0] === 0 && counts[1] === 0 && (counts[2] ?? 0) > 500, `${counts}`);
});

test('--for ends the simulation by itself, and random values come without a queue when there is to be none', async () => {
  await using broker = await startBroker();
  const random = ['--source', 'random', '--history', '0', '--speed', '20', '--for', '500ms'];
  const { code, stderr } = await simulate('--to', broker.url, '--model', model, ...random).ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /event time runs ahead/);
  const samples = samplesIn(broker.received);
  assert.ok(samples.length >= 6);
  assert.deepEqual(
    samples.filter(({ seq }) => seq === 0).map(({ cylinder }) => cylinder),
    ['cyl-01', 'cyl-02', 'cyl-03', 'cyl-04', 'cyl-05', 'cyl-06'],
  );
});

test('a simulation that is stopped while the broker is dead ends with what was not acknowledged', async () => {
  // From the seventh sample on nothing is acknowledged, so that something is owed when the broker dies.
  let taken = 0;
  await using broker = await startBroker({
    authorizePublish: (_client, _packet, done) => {
      taken += 1;
      if (taken <= 6) done(null);
    },
  });
  using running = simulate('--to', broker.url, '--model', model, '--history', '0', '--speed', '20');
  const isLost = new Promise<void>((resolve) => {
    let said = '';
    running.child.stderr.on('data', (data) => {
      said += data;
      if (said.includes('connection to the broker lost')) resolve();
    });
  });
  while (broker.received.length <= 6) await new Promise((resolve) => setTimeout(resolve, 10));
  await broker.kill();
  await isLost;
  running.child.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  assert.equal(code, 1);
  assert.match(stderr, /connection to the broker lost; trying again/);
  assert.match(stderr, /sentinel: \d+ samples were not acknowledged by the broker/);
});

const REFUSED: readonly [what: string, options: readonly string[], code: number, message: RegExp][] = [
  [
    'no broker',
    ['--to', 'mqtt://127.0.0.1:9', '--model', model],
    1,
    /^sentinel: mqtt:\/\/127\.0\.0\.1:9 cannot be reached/,
  ],
  [
    'an address that is none',
    ['--to', 'localhost:1883', '--model', model],
    1,
    /write it as mqtt:\/\/host:1883/,
  ],
  [
    'a model that is not there',
    ['--to', 'mqtt://127.0.0.1:9', '--model', 'absent.json'],
    2,
    /^sentinel: absent\.json/,
  ],
  ['no address', [], 1, /required option '--to <url>'/],
  ['a speed of zero', ['--to', 'mqtt://127.0.0.1:9', '--speed', '0'], 1, /Write a number from 0\.1 to 600/],
  ['a duration without unit', ['--to', 'mqtt://127.0.0.1:9', '--for', '65'], 1, /Write a duration as/],
  ['a gateway with a slash', ['--to', 'mqtt://127.0.0.1:9', '--gateway', 'a/b'], 1, /Use letters, digits/],
  [
    'no cylinders',
    ['--to', 'mqtt://127.0.0.1:9', '--cylinders', '0'],
    1,
    /Write a whole number from 1 to 1000/,
  ],
  [
    'an unknown source',
    ['--to', 'mqtt://127.0.0.1:9', '--source', 'csv'],
    1,
    /Allowed choices are simulated, random/,
  ],
];

for (const [what, options, expected, message] of REFUSED) {
  test(`${what} is refused in one line`, async () => {
    const { code, stdout, stderr } = await simulate(...options).ended;
    assert.equal(code, expected);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1);
  });
}
