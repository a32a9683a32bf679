import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeStatus } from '../../../edge/message/status.ts';

test('a status is small enough for every way out, however long a fault is', () => {
  const modelError = `${'ä"'.repeat(5000)} the end`;
  const text = encodeStatus({ kind: 'model', t: 1, model: 'm@1', modelError });
  assert.ok(Buffer.byteLength(text) < 4500, `${Buffer.byteLength(text)}`);
  const { v, kind, modelError: told } = JSON.parse(text);
  assert.deepEqual([v, kind], [1, 'model']);
  assert.match(told, /^ä"ä".*…$/);
});

test('a fault of usual length is told whole', () => {
  const status = {
    kind: 'source',
    t: 1,
    source: 'stdin',
    badLines: 2,
    message: 'line 2: no object',
  } as const;
  assert.deepEqual(JSON.parse(encodeStatus(status)), { v: 1, ...status });
});
