import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';

const SCRIPT = join(import.meta.dirname, '../../cli/sentinel.ts');
const folder = scratchFolder();

const policy = (...args: readonly string[]) =>
  spawnSync(process.execPath, [SCRIPT, 'policy', ...args], { encoding: 'utf8' });

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test('a sound policy file is good', () => {
  const file = written('good.json', '{ "cylinders": { "press-*": { "raiseRatio": 0.8 } } }');
  const { status, stdout } = policy('check', file);
  assert.deepEqual([status, stdout], [0, `${file}: good\n`]);
});

test('a fault names its file and field, and the exit code is 2', () => {
  const file = written('bad.json', '{ "cylinders": { "press-*": { "raisRatio": 0.8 } } }');
  const { status, stderr } = policy('check', file);
  assert.equal(status, 2);
  assert.equal(
    stderr,
    `sentinel: ${file}: cylinders.press-*.raisRatio is not a field of a policy: check the spelling\n`,
  );
});

test('what is not JSON, or not there, is one line too', () => {
  assert.match(policy('check', written('cut.json', '{')).stderr, /^sentinel: .*cut\.json is not JSON: .*\n$/);
  assert.match(
    policy('check', join(folder, 'none.json')).stderr,
    /^sentinel: .*none\.json cannot be read: .*\n$/,
  );
});

test('the policy that holds is shown whole, for all and for those that a pattern fits', () => {
  assert.deepEqual(JSON.parse(policy('show').stdout), DEFAULT_POLICY);
  const file = written(
    'two.json',
    '{ "default": { "maxReminders": 1 }, "cylinders": { "p*": { "threshold": 0.7 } } }',
  );
  const shown = JSON.parse(policy('show', '--policy', file, '--cylinder', 'press-2').stdout);
  assert.deepEqual(shown, { ...DEFAULT_POLICY, maxReminders: 1, threshold: 0.7 });
});
