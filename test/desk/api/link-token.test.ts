import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { LINK_MS, linkPayload, linkToken, openLink } from '../../../desk/api/link-token.ts';
import type { Notice } from '../../../domain/notice/notice.ts';

const AT = 1_763_800_000_123;
const keyOf = (secret: string) => ({
  mac: (payload: Uint8Array): Uint8Array => createHmac('sha256', secret).update(payload).digest(),
});
const key = keyOf('ours');

const raised = (cylinder: string, raisedAt = AT): Notice => ({
  output: {
    kind: 'notice',
    cylinder,
    id: `${cylinder}@${raisedAt}#3`,
    type: 'RAISED',
    incident: `${cylinder}@${raisedAt}`,
    severity: 'warning',
    at: raisedAt + 60_000,
  },
  facts: null,
});

const tokenFor = (cylinder: string, raisedAt = AT, by = key): string => {
  const payload = linkPayload(raised(cylinder, raisedAt));
  assert.ok(payload !== null);
  return linkToken(payload, by.mac(payload));
};

test('a link says its incident, its notice, its end a week after it, and what it allows', async () => {
  assert.deepEqual(await openLink(tokenFor('press-1'), key, AT), {
    cylinder: 'press-1',
    incident: `press-1@${AT}`,
    notice: 3,
    expires: Math.ceil((AT + 60_000 + LINK_MS) / 3_600_000) * 3_600_000,
    actions: ['ack', 'shelve', 'unshelve', 'close'],
  });
});

test('any cylinder and time come back as they were, and the same notice has the same link', async () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9:_-]{1,128}$/);
  await fc.assert(
    fc.asyncProperty(name, fc.integer({ min: 0, max: 4_000_000_000_000 }), async (cylinder, raisedAt) => {
      const token = tokenFor(cylinder, raisedAt);
      assert.equal((await openLink(token, key, raisedAt))?.incident, `${cylinder}@${raisedAt}`);
      assert.equal(tokenFor(cylinder, raisedAt), token);
      assert.match(token, /^[\w-]+\.[\w-]+$/);
    }),
    { numRuns: 100 },
  );
});

test('a link of any character altered, cut or added holds no more', async () => {
  const token = tokenFor('press-1');
  for (const [index, letter] of [...token].entries()) {
    const altered = `${token.slice(0, index)}${letter === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
    assert.equal(await openLink(altered, key, AT), null, altered);
    assert.equal(await openLink(token.slice(0, index), key, AT), null);
  }
  for (const wrong of [
    '',
    '.',
    'a.b',
    `${token}A`,
    `${token}.`,
    `${token}=`,
    ` ${token}`,
    'x'.repeat(100_000),
  ])
    assert.equal(await openLink(wrong, key, AT), null, wrong.slice(0, 40));
});

test('a link of another plant, and one that is over, hold no more', async () => {
  assert.equal(await openLink(tokenFor('press-1', AT, keyOf('theirs')), key, AT), null);
  const token = tokenFor('press-1');
  const { expires = 0 } = (await openLink(token, key, AT)) ?? {};
  assert.notEqual(await openLink(token, key, expires - 1), null);
  assert.equal(await openLink(token, key, expires), null);
});

test('what is of no incident has no link', () => {
  const output = { kind: 'notice', gateway: 'g', id: 'g@1#1', type: 'OFFLINE', at: 1 } as const;
  assert.equal(linkPayload({ output, facts: null }), null);
});

test('a link is short', () => assert.equal(tokenFor('press-1').length, 44));
