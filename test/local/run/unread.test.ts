import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { abnormalTraffic, TRAFFIC_POLICY } from './abnormal-traffic.ts';
import { startSentinel } from './start-sentinel.ts';

const folder = scratchFolder();
const SCRIPT = join(import.meta.dirname, '../../../cli/sentinel.ts');
/** What has to end does so long before. */
const GUARD = { timeout: 300_000 };

/** A pipe that is full, with a reader that does not read. */
const fullPipe = (): number => {
  const path = join(folder, `pipe-${Math.random()}`);
  execFileSync('mkfifo', [path]);
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    for (;;) writeSync(pipe, '.'.repeat(4096));
  } catch {
    return pipe;
  }
};

const idsIn = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => (line.includes('"kind":"notice"') ? [String(JSON.parse(line).id)] : []));

test(
  'a reader that does not read holds up no acknowledgement, no channel and no Ctrl-C; the next run tells it all',
  GUARD,
  async () => {
    const data = mkdtempSync(join(folder, 'data-'));
    const policy = join(data, 'policy.json');
    const told = join(data, 'told.jsonl');
    writeFileSync(policy, JSON.stringify(TRAFFIC_POLICY));
    writeFileSync(told, '');
    const args = [
      'run',
      '--source',
      'none',
      '--data',
      data,
      '--policy',
      policy,
      '--mqtt-port',
      '0',
      '--json',
    ];
    const pipe = fullPipe();
    const child = spawn(process.execPath, [SCRIPT, ...args, '--notify-command', `cat >> '${told}'`], {
      stdio: ['ignore', pipe, 'pipe'],
    });
    assert.ok(child.stderr);
    const { stderr } = child;
    const errors = text(stderr);
    const { promise: port, resolve } = Promise.withResolvers<string>();
    let said = '';
    stderr.on('data', (chunk) => {
      said += chunk;
      const found = /mqtt:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    const client = await connectAsync(await port, { reconnectPeriod: 0 });
    const traffic = abnormalTraffic(Date.now() - 3_600_000);
    const messages = Array.from({ length: 40 }, traffic);
    for (const { topic, payload } of messages) await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
    const commanded = (): readonly string[] =>
      [...readFileSync(told, 'utf8').matchAll(/"id":"([^"]+#\d+)"/g)].map(([, id = '']) => id);
    while (commanded().length < 2) await delay(20);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    closeSync(pipe);
    assert.equal(code, 0, await errors);
    assert.match(await errors, /nobody reads standard output: notices wait in the ledger/);
    assert.match(await errors, /stopped: \d+ samples stored/);

    using next = startSentinel(args);
    await next.port;
    next.child.kill('SIGINT');
    const { lines } = await next.ended;
    const ids = idsIn(lines);
    assert.ok(commanded().every((id) => ids.includes(id)));
    assert.equal(new Set(ids).size, ids.length);
  },
);
