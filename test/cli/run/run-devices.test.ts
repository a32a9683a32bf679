import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../run-sentinel.ts';

const MODEL = join(import.meta.dirname, '../../../edge/model/simulated-line.json');

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
