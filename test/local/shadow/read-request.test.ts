import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../local/shadow/json.ts';
import { readRequest, readShadowTopic, readUpdateRequest } from '../../../local/shadow/read-request.ts';

const read = (body: string | Uint8Array) => {
  const request = readRequest(typeof body === 'string' ? Buffer.from(body) : body);
  return request.kind === 'read' ? readUpdateRequest(request.request) : request;
};

const nested = (levels: number, innermost: Json): Json =>
  levels === 0 ? innermost : { k: nested(levels - 1, innermost) };
const desired = (value: Json): string => JSON.stringify({ state: { desired: value } });

const REFUSED: readonly [string, string | Uint8Array, number, string][] = [
  ['truncated JSON', '{"state":{"desired":{"a":1}', 400, 'Invalid JSON'],
  ['a list', '[]', 400, 'Invalid JSON'],
  ['no body', '', 400, 'Missing required node: state'],
  ['no state', '{}', 400, 'Missing required node: state'],
  ['state is null', '{"state":null}', 400, 'State node must be an object'],
  ['state is a list', '{"state":[]}', 400, 'State node must be an object'],
  ['desired is a number', '{"state":{"desired":1}}', 400, 'Desired node must be an object'],
  ['reported is a list', '{"state":{"reported":[]}}', 400, 'Reported node must be an object'],
  ['another section', '{"state":{"wished":{}}}', 400, 'State contains an invalid node'],
  ['a section called __proto__', '{"state":{"__proto__":{}}}', 400, 'State contains an invalid node'],
  ['a null in an array', '{"state":{"desired":{"a":[1,null]}}}', 400, 'State contains an invalid node'],
  ['a fractional version', '{"state":{},"version":1.5}', 400, 'Invalid version'],
  ['a version as text', '{"state":{},"version":"1"}', 400, 'Invalid version'],
  ['a negative version', '{"state":{},"version":-1}', 400, 'Invalid version'],
  ['a token that is no text', '{"state":{},"clientToken":1}', 400, 'Invalid clientToken'],
  ['a token of 65 bytes', `{"state":{},"clientToken":"${'t'.repeat(65)}"}`, 400, 'Invalid clientToken'],
  ['nine levels', desired(nested(9, 1)), 400, 'JSON contains too many levels of nesting; maximum is 8'],
  [
    'fifty thousand levels',
    `{"state":{"desired":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}`,
    400,
    'JSON contains too many levels of nesting; maximum is 8',
  ],
  [
    'bytes that are not UTF-8',
    Uint8Array.of(0x7b, 0xff, 0x7d),
    415,
    'Unsupported documented encoding; supported encoding is UTF-8',
  ],
  ['200 KB', ' '.repeat(200_000), 413, 'The payload exceeds the maximum size allowed'],
];

for (const [name, body, code, message] of REFUSED) {
  test(`an update is refused as AWS refuses it: ${name}`, () => {
    const result = read(body);
    assert.deepEqual(result.kind === 'rejected' && result.rejection, { code, message });
  });
}

const TAKEN: readonly [string, string][] = [
  ['eight levels', desired(nested(8, 1))],
  ['eight levels and an array', desired(nested(8, [1, 2]))],
  ['an empty state', '{"state":{}}'],
  ['fields that AWS ignores', '{"state":{"desired":null},"metadata":{},"else":1}'],
  ['a token of 64 bytes', `{"state":{},"clientToken":"${'t'.repeat(64)}"}`],
];

for (const [name, body] of TAKEN) {
  test(`an update is taken: ${name}`, () => {
    assert.equal(read(body).kind, 'read');
  });
}

test('the token of a request that is refused later is known', () => {
  const result = read('{"clientToken":"t-1","state":1}');
  assert.equal(result.kind === 'rejected' && result.clientToken, 't-1');
});

test('no body makes the reading throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(`{"state":${text}}`)),
      ),
      (body) => {
        assert.match(read(body).kind, /read|rejected/);
      },
    ),
  );
});

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
