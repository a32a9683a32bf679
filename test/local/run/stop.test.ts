import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { flood } from './flood.ts';
import { recordingText } from './recording-text.ts';
import { startSentinel } from './start-sentinel.ts';
import { storedNumbers } from './stored-samples.ts';

const folder = scratchFolder();
const dataFolder = (): string => mkdtempSync(join(folder, 'data-'));
const devices = (data: string): readonly string[] => [
  ...['run', '--source', 'none', '--data', data, '--mqtt-port', '0'],
];

/** What has to end does so long before; what hangs is told from what is slow. */
const GUARD = { timeout: 300_000 };

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in a flood of messages ends the run, and all acknowledged is stored`, GUARD, async (t) => {
    const data = dataFolder();
    using sentinel = startSentinel(devices(data));
    const port = await sentinel.port;
    assert.ok(port !== null);
    let stoppedMs = 0;
    const acknowledged = await flood(port, {
      count: 30_000,
      onAcknowledged: (count) => {
        if (count !== 3000) return;
        stoppedMs = performance.now();
        sentinel.child.kill(signal);
      },
    });
    const { code, errors } = await sentinel.ended;
    t.diagnostic(
      `${Math.round(performance.now() - stoppedMs)} ms, ${acknowledged.length} samples acknowledged`,
    );
    assert.equal(code, 0, errors);
    assert.ok(acknowledged.length >= 3000 && acknowledged.length < 30_000);
    const stored = await storedNumbers(data, 'cyl-1');
    assert.equal(new Set(stored).size, stored.length, 'stored twice');
    const there = new Set(stored);
    assert.deepEqual(
      acknowledged.filter((seq) => !there.has(seq)),
      [],
    );
    assert.match(
      errors,
      new RegExp(`stopped: ${stored.length} samples stored, 0 repeated, 0 quarantined\n$`),
    );
  });
}

test('a second Ctrl-C ends the process at once', GUARD, async () => {
  using sentinel = startSentinel(devices(dataFolder()));
  const port = await sentinel.port;
  assert.ok(port !== null);
  let again: NodeJS.Timeout | undefined;
  // In a flood there is enough to do after the first for the second to come in time.
  await flood(port, {
    count: 30_000,
    onAcknowledged: (count) => {
      if (count === 3000) again = setInterval(() => sentinel.child.kill('SIGINT'), 1);
    },
  });
  const { signal } = await sentinel.ended;
  clearInterval(again);
  assert.equal(signal, 'SIGINT');
});

test('--for ends the run after that time, and nothing but JSON is on standard output', GUARD, async () => {
  const data = dataFolder();
  using sentinel = startSentinel(['run', '--data', data, '--mqtt-port', '0', '--for', '3s', '--json']);
  const { code, lines, errors } = await sentinel.ended;
  assert.equal(code, 0, errors);
  // However little a slow machine gets done by then: each line is one of the three.
  for (const line of lines) assert.match(JSON.parse(line).kind, /^(condition|severity|notice)$/);
  assert.match(errors, /stopped: \d+ samples stored/);
});

test('a reader that has gone away ends the run quietly; the next run tells it all', GUARD, async () => {
  const args = ['run', '--data', dataFolder(), '--mqtt-port', '0', '--json', '--for'];
  using sentinel = startSentinel([...args, '1h']);
  sentinel.child.stdout?.destroy();
  const { code, errors } = await sentinel.ended;
  assert.equal(code, 0, errors);
  assert.match(errors, /Ctrl-C stops\n\n$/);
  using next = startSentinel([...args, '1h'], {
    onLine: (line) => {
      if (line.includes('"notice"')) next.child.kill('SIGINT');
    },
  });
  const notified = (await next.ended).lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    notified.filter(({ kind }) => kind === 'notice').map(({ type }) => type),
    ['RAISED'],
  );
});

test('a closed standard input does not matter', GUARD, async () => {
  const script = join(import.meta.dirname, '../../../cli/sentinel.ts');
  const command = 'exec "$@" <&-';
  const child = spawn(
    'sh',
    ['-c', command, 'sh', process.execPath, script, ...devices(dataFolder()), '--for', '1s'],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  assert.deepEqual(await once(child, 'close'), [0, null]);
});

test('recordings are read side by side, each in a folder that is gone afterwards', GUARD, async () => {
  const model = join(import.meta.dirname, '../../../edge/model/simulated-line.json');
  const input = join(folder, 'recording.csv');
  writeFileSync(input, recordingText(300));
  const args = ['run', '--source', 'csv', '--input', input, '--model', model, '--until-end'];
  using one = startSentinel(args);
  using other = startSentinel(args);
  for (const { code, lines, errors } of await Promise.all([one.ended, other.ended])) {
    assert.equal(code, 0, errors);
    assert.match(lines[0] ?? '', /^samples: 300 over 4 min 59 s, .*; 300 stored, 0 repeated, 0 quarantined$/);
    const path = /data folder +(.+)/.exec(errors)?.[1] ?? '';
    assert.equal(existsSync(path), false);
  }
});
