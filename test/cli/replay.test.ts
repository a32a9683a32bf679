import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compareOutputs } from '../oracle/compare-outputs.ts';
import { runCommand } from './run-sentinel.ts';

const EXAMPLES = new URL('../fixture/replay/', import.meta.url);

const replay = (input: string) => runCommand(['replay'], { input });

const parsed = (text: string): object[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('the examples give exactly the output that stands beside them', async () => {
  const { code, out, errors } = await replay(readFileSync(new URL('examples.in.jsonl', EXAMPLES), 'utf8'));
  assert.deepEqual([code, errors], [0, '']);
  const expected = parsed(readFileSync(new URL('examples.out.jsonl', EXAMPLES), 'utf8'));
  assert.equal(compareOutputs(expected, parsed(out)), null);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['no JSON', '{"receivedAt":1,'],
  ['none of the lines', '{"receivedAt":1,"tock":true}'],
  ['a list', '[]'],
  ['a message without a time', '{"topic":"greengrass/ml/inference/g/c","payload":{}}'],
  ['a policy with an unknown field', '{"policy":{"windwMs":1}}'],
];
for (const [what, line] of REFUSED) {
  test(`${what} is an error with its line number, and exit code 2`, async () => {
    const { code, out, errors } = await replay(`{"policy":{},"seed":1}\n\n${line}\n{"policy":{},"seed":2}\n`);
    assert.equal(code, 2);
    assert.equal(out, '{"kind":"begin","seed":1}\n');
    assert.match(errors, /^sentinel: line 3[ :].*\n$/);
  });
}

test('unknown fields are ignored, and no input gives no output', async () => {
  const { out } = await replay('{"policy":{},"seed":"s","more":1}\r\n');
  assert.equal(out, '{"kind":"begin","seed":"s"}\n');
  assert.deepEqual(await replay(''), { code: 0, out: '', errors: '' });
});
