import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayPublish } from '../../../local/access/access-rules.ts';

test('who may only look asks how the line stands, and neither sees nor puts back what is in quarantine', () => {
  const viewer = { kind: 'user', name: 'vera', role: 'viewer' } as const;
  const operator = { kind: 'user', name: 'otto', role: 'operator' } as const;
  assert.equal(mayPublish(viewer, 'sentinel/ask/status/1'), true);
  assert.equal(mayPublish(viewer, 'sentinel/ask/quarantine/1'), false);
  assert.equal(mayPublish(operator, 'sentinel/ask/quarantine/1'), true);
});
