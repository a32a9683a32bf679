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
