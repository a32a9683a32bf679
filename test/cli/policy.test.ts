import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();

const policy = (...args: readonly string[]) => runCommand(['policy', ...args]);

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test('a sound policy file is good', async () => {
  const file = written('good.json', '{ "cylinders": { "press-*": { "raiseRatio": 0.8 } } }');
  const { code, out } = await policy('check', file);
  assert.deepEqual([code, out], [0, `${file}: good\n`]);
});

test('a fault names its file and field, and the exit code is 2', async () => {
  const file = written('bad.json', '{ "cylinders": { "press-*": { "raisRatio": 0.8 } } }');
  const { code, errors } = await policy('check', file);
  assert.equal(code, 2);
  assert.equal(
    errors,
    `sentinel: ${file}: cylinders.press-*.raisRatio is not a field of a policy: check the spelling\n`,
  );
});

test('what is not JSON, or not there, is one line too', async () => {
  assert.match(
    (await policy('check', written('cut.json', '{'))).errors,
    /^sentinel: .*cut\.json is not JSON: .*\n$/,
  );
  assert.match(
    (await policy('check', join(folder, 'none.json'))).errors,
    /^sentinel: .*none\.json cannot be read: .*\n$/,
  );
});

test('the policy that holds is shown whole, for all and for those that a pattern fits', async () => {
  assert.deepEqual(JSON.parse((await policy('show')).out), DEFAULT_POLICY);
  const file = written(
    'two.json',
    '{ "default": { "maxReminders": 1 }, "cylinders": { "p*": { "threshold": 0.7 } } }',
  );
  const shown = JSON.parse((await policy('show', '--policy', file, '--cylinder', 'press-2')).out);
  assert.deepEqual(shown, { ...DEFAULT_POLICY, maxReminders: 1, threshold: 0.7 });
});

const recorded = (name: string, periodMs: number, isRunning: (t: number) => boolean): string => {
  const header =
    'ts,cylinder,rVibration_Temp,rVibration_Z_RMS_Velocity,rVibration_X_RMS_Velocity,wRMSCurrent,wCurrentLoad,wEncoderVelocity';
  const rows = Array.from({ length: Math.floor(3_600_000 / periodMs) }, (_, index) => {
    const t = index * periodMs;
    return [new Date(t + 1.7e12).toISOString(), 'press-1', 48, 2, 2, 3, 40, isRunning(t) ? 1000 : 0].join(
      ',',
    );
  });
  return written(name, `${[header, ...rows].join('\n')}\n`);
};
/** Two minutes on, one minute off. */
const inStrokes = recorded('strokes.csv', 1000, (t) => t % 180_000 < 120_000);

test('with a recording, a warm-up that is longer than typical runs is warned of, and how many are never judged', async () => {
  const file = written('idle.json', '{ "idle": { "sensor": "wEncoderVelocity", "below": 50 } }');
  const { code, out } = await policy('check', file, '--input', inStrokes);
  assert.equal(code, 0);
  assert.match(
    out,
    /good\nwarning: .*strokes\.csv: press-1: warmUpMs of 300000 \(5 min\) is longer than a typical run of 2 min: 19 of 19 runs are never judged; set warmUpMs well below 120000/,
  );
  const fitting = written(
    'fitting.json',
    '{ "idle": { "sensor": "wEncoderVelocity", "below": 50 }, "warmUpMs": 30000 }',
  );
  assert.equal((await policy('check', fitting, '--input', inStrokes)).out, `${fitting}: good\n`);
});

test('with a recording, patterns that hold for no cylinder and a period that does not fit are warned of', async () => {
  const file = written('patterns.json', '{ "cylinders": { "press-*": {}, "prss-*": {} } }');
  const slow = recorded('slow.csv', 10_000, () => true);
  const { out } = await policy('check', file, '--input', slow);
  assert.match(out, /: the pattern prss-\* holds for no cylinder that was recorded\n/);
  assert.match(
    out,
    /press-1: one sample each 10 s where a slot is 1 s: too thin to judge, 10 % of the window is covered and minCoverage asks for 50 %; a policy that fits: \{"samplePeriodMs":10000,"windowMs":100000\}\n/,
  );
  const fast = recorded('fast.csv', 100, () => true);
  assert.match(
    (await policy('check', file, '--input', fast)).out,
    /press-1: 10 samples a slot \(one each 100 ms, samplePeriodMs is 1000\).*: \{"samplePeriodMs":100\}\n/,
  );
});

test('a recording of another make is checked by its map, at the period that the map states', async () => {
  const rows = Array.from(
    { length: 600 },
    (_, index) => `${1_763_800_000 + 10 * index};A1;${40 + (index % 3)},5`,
  );
  const file = written('historian.csv', `zeit;maschine;temp\n${rows.join('\n')}\n`);
  const map = {
    cylinder: { from: 'maschine' },
    time: { from: 'zeit' },
    sensors: { rVibration_Temp: { from: 'temp' } },
  };
  const good = written('any.json', '{}');
  const loose = written('loose-map.json', JSON.stringify(map));
  const thin = await policy('check', good, '--input', file, '--map', loose);
  assert.match(thin.out, /A1: one sample each 10 s where a slot is 1 s/);
  const stated = written('map.json', JSON.stringify({ ...map, periodMs: 10_000 }));
  assert.equal((await policy('check', good, '--input', file, '--map', stated)).out, `${good}: good\n`);
});

test('a recording that is not there is misuse', async () => {
  const { code, errors } = await policy(
    'check',
    written('any.json', '{}'),
    '--input',
    join(folder, 'none.csv'),
  );
  assert.equal(code, 2);
  assert.match(errors, /none\.csv: there is no such file/);
});

test('a file that begins with a mark of its byte order is read as any other', async () => {
  const { code, out } = await policy('check', written('marked.json', '\uFEFF{"threshold":0.7}'));
  assert.equal(code, 0);
  assert.match(out, /marked\.json: good/);
});
