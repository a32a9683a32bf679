import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareOutputs } from '../oracle/compare-outputs.ts';

const SCRIPT = join(import.meta.dirname, '../../cli/sentinel.ts');
const EXAMPLES = new URL('../fixture/replay/', import.meta.url);

const replay = (input: string) =>
  spawnSync(process.execPath, [SCRIPT, 'replay'], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const parsed = (text: string): object[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('the examples give exactly the output that stands beside them', () => {
  const { status, stdout, stderr } = replay(readFileSync(new URL('examples.in.jsonl', EXAMPLES), 'utf8'));
  assert.deepEqual([status, stderr], [0, '']);
  const expected = parsed(readFileSync(new URL('examples.out.jsonl', EXAMPLES), 'utf8'));
  assert.equal(compareOutputs(expected, parsed(stdout)), null);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['no JSON', '{"receivedAt":1,'],
  ['none of the lines', '{"receivedAt":1,"tock":true}'],
  ['a list', '[]'],
  ['a message without a time', '{"topic":"greengrass/ml/inference/g/c","payload":{}}'],
  ['a policy with an unknown field', '{"policy":{"windwMs":1}}'],
];
for (const [what, line] of REFUSED) {
  test(`${what} is an error with its line number, and exit code 2`, () => {
    const { status, stdout, stderr } = replay(`{"policy":{},"seed":1}\n\n${line}\n{"policy":{},"seed":2}\n`);
    assert.equal(status, 2);
    assert.equal(stdout, '{"kind":"begin","seed":1}\n');
    assert.match(stderr, /^sentinel: line 3[ :].*\n$/);
  });
}

test('unknown fields are ignored, and no input gives no output', () => {
  assert.deepEqual(replay('{"policy":{},"seed":"s","more":1}\r\n').stdout, '{"kind":"begin","seed":"s"}\n');
  assert.deepEqual([replay('').status, replay('').stdout], [0, '']);
});
