import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startModbusServer } from '../../edge/sources/modbus-server.ts';
import { runCommand } from '../run-sentinel.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODEL = join(ROOT, 'edge/model/simulated-line.json');
const folder = mkdtempSync(join(tmpdir(), 'run-devices-'));
after(() => rmSync(folder, { recursive: true }));

test('devices of Modbus are read, scored and stored by one process, and what a unit refuses is told', async () => {
  const rounds = Promise.withResolvers<void>();
  let asked = 0;
  await using server = await startModbusServer((unit, _code, start, count) => {
    if (unit === 9) return { exception: 2 };
    asked += 1;
    if (asked === 5) rounds.resolve();
    return Array.from({ length: count }, (_, index) => 100 + start + index);
  });
  const map = join(folder, 'map.json');
  const devices = [
    { cylinder: 'press-1', unit: 1 },
    { cylinder: 'press-9', unit: 9 },
  ];
  const modbus = { host: '127.0.0.1', port: server.port, devices };
  writeFileSync(
    map,
    JSON.stringify({ modbus, sensors: { wRMSCurrent: { from: 'holding 3', scale: 0.03 } } }),
  );
  const args = ['run', '--source', 'modbus', '--map', map, '--model', MODEL];
  const places = ['--data', join(folder, 'data'), '--mqtt-port', '0', '--no-desk'];
  const child = spawn(process.execPath, [join(ROOT, 'cli/sentinel.ts'), ...args, ...places]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  await Promise.race([rounds.promise, once(child, 'close').then(() => assert.fail(said))]);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(code, 0, said);
  assert.match(said, /unit 9 \(press-9\): holding 3 to 3: exception 2/);
  assert.match(said, /stopped: [1-9]\d* samples? stored, 0 repeated, 0 quarantined/);
});

for (const [habit, options, said] of [
  ['no model', ['--map', 'map.json'], /--map FILE --model PATH/],
  ['no map', ['--model', MODEL], /--map FILE --model PATH/],
  ['a clock of its own', ['--map', 'map.json', '--model', MODEL, '--speed', '2'], /live by the real clock/],
] as const)
  test(`devices that are read with ${habit} are refused with what to give`, async () => {
    const { code, errors } = await runCommand(['run', '--source', 'modbus', ...options]);
    assert.equal(code, 2);
    assert.match(errors, said);
  });
