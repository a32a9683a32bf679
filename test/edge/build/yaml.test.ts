import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toYaml } from '../../../edge/build/build-packages.ts';

test('mappings, lists of mappings and scalars are written in block style', () => {
  const recipe = {
    name: 'a',
    list: [
      { os: 'linux', runtime: '*' },
      { os: 'x', more: ['y'] },
    ],
    count: 3,
    is: true,
  };
  assert.equal(
    toYaml(recipe),
    `name: a
list:
  - os: linux
    runtime: "*"
  - os: x
    more:
      - "y"
count: 3
is: true
`,
  );
});

const QUOTED = [
  '',
  '*',
  'true',
  'No',
  '0.1.0',
  '2020-01-25',
  '{x}',
  'a: b',
  'a #b',
  '$aws/rules/x',
  'say "x"',
  '-a',
];

for (const text of QUOTED) {
  test(`${JSON.stringify(text)} stays a text`, () => {
    assert.equal(toYaml({ key: text }), `key: ${JSON.stringify(text)}\n`);
  });
}
