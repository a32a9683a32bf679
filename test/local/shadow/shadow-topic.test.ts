import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShadowTopic } from '../../../local/shadow/shadow-topic.ts';

test('requests for classic and named shadows are told apart', () => {
  assert.deepEqual(readShadowTopic('$aws/things/cyl-1/shadow/get'), {
    prefix: '$aws/things/cyl-1/shadow',
    operation: 'get',
    key: { thing: 'cyl-1', shadowName: null },
    rejection: null,
  });
  assert.deepEqual(readShadowTopic('$aws/things/cyl-1/shadow/name/twin/update')?.key, {
    thing: 'cyl-1',
    shadowName: 'twin',
  });
  assert.equal(readShadowTopic('$aws/things/cyl-1/shadow/name/twin/delete')?.operation, 'delete');
});

for (const topic of [
  '$aws/things/cyl-1/shadow/get/accepted',
  '$aws/things/cyl-1/shadow/update/delta',
  '$aws/things/cyl-1/shadow/name/twin/update/documents',
  '$aws/things/cyl-1/shadow/name/twin',
  '$aws/things/cyl-1/shadow/put',
  '$aws/things//shadow/get',
  '$aws/things/a/b/shadow/get',
  '$aws/things/cyl-1/shadow/name/a/b/get',
  'x/$aws/things/cyl-1/shadow/get',
  '$aws/things/cyl-1/jobs/get',
]) {
  test(`no request: ${topic}`, () => {
    assert.equal(readShadowTopic(topic), null);
  });
}

const NAMES: readonly [string, string, string | null][] = [
  ['t'.repeat(128), 's'.repeat(64), null],
  ['t'.repeat(129), 's', 'Invalid thing name'],
  ['a b', 's', 'Invalid thing name'],
  ['a', 's'.repeat(65), 'Invalid shadow name'],
  ['a:b_c-9', 'ü', 'Invalid shadow name'],
];

for (const [thing, shadow, message] of NAMES) {
  test(`names of ${thing.length} and ${shadow.length} characters: ${message ?? 'fine'}`, () => {
    const topic = readShadowTopic(`$aws/things/${thing}/shadow/name/${shadow}/get`);
    assert.equal(topic?.rejection?.message ?? null, message);
  });
}
