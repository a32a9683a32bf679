import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SENSORS } from '../../domain/message/sample.ts';
import { writeModel } from '../backtest/synthetic-recording.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();
const model = writeModel(folder);
const map = join(folder, 'map.json');
writeFileSync(map, '{"periodMs":10000}');

/** A machine that is abnormal (its encoder stands still) from the middle on, one row each `stepMs`. */
const recordingOf = (name: string, stepMs: number): string => {
  const rows = Array.from({ length: 400 }, (_, at) => {
    const isAbnormal = at % 100 >= 50;
    const t = Date.UTC(2026, 2, 9) + at * stepMs;
    return `${t},46,2.1,1.8,3.2,40,${isAbnormal ? 0 : 1180},${isAbnormal ? 1 : 0}`;
  });
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, `t,${SENSORS.join(',')},label\n${rows.join('\n')}\n`);
  return file;
};

const thin = recordingOf('thin', 10_000);
const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['backtest', ['backtest', '--model', model]],
  ['run', ['run', '--source', 'csv', '--until-end', '--model', model]],
  ['tune', ['tune', '--model', model, '--max-false-per-day', '100']],
  ['train', ['train', '--rounds', '3', '--out', join(folder, 'trained.json')]],
];

for (const [name, args] of COMMANDS) {
  test(`${name} refuses a recording too thin for its policy, with the policy that would fit`, async () => {
    const { code, errors } = await runCommand([...args, '--input', thin]);
    assert.equal(code, 2);
    assert.match(
      errors,
      /thin\.csv does not fit the policy: .*one sample each 10 s where a slot is 1 s: too thin to judge.* a policy that fits: \{"samplePeriodMs":10000,"windowMs":100000\}/,
    );
  });

  test(`${name} takes it at the period that a map states`, async () => {
    const { code, errors } = await runCommand([...args, '--input', thin, '--map', map]);
    assert.equal(code, 0, errors);
  });
}

test('one row each 1.5 s, by a clock of whole seconds or of milliseconds, is too thin as well', async () => {
  const { code, errors } = await runCommand([
    ...['backtest', '--model', model, '--input', recordingOf('slow', 1500)],
  ]);
  assert.equal(code, 2);
  assert.match(errors, /one sample each 1\.5 s where a slot is 1 s: thin, 67 % of the window is covered/);
});
