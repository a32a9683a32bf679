import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entrance } from '../../../local/desk/entrance.ts';

const door = entrance('a-token-of-the-tests');
const BASE = 'http://press-room:8080';
const answer = door.before(() => new Response('inside'));

test('the address with the token leaves a cookie for this site alone, and leads to the page', async () => {
  const entered = await answer(new Request(`${BASE}${door.path}`));
  const cookie = entered.headers.get('set-cookie') ?? '';
  assert.equal(entered.status, 303);
  assert.equal(entered.headers.get('location'), '/');
  assert.match(cookie, /HttpOnly; SameSite=Strict/);
  const again = new Request(BASE, { headers: { cookie: `a=b; ${cookie.split(';')[0]}` } });
  assert.equal(door.userOf(again)?.role, 'engineer');
});

test('whoever has no token, or another one, is nobody', async () => {
  assert.equal(await (await answer(new Request(`${BASE}/enter/another-token`))).text(), 'inside');
  for (const headers of [
    {},
    { cookie: 'sentinel-desk=x' },
    { authorization: 'Bearer x' },
    { authorization: '' },
  ])
    assert.equal(door.userOf(new Request(BASE, { headers })), null);
  const program = new Request(BASE, { headers: { authorization: 'Bearer a-token-of-the-tests' } });
  assert.notEqual(door.userOf(program), null);
});
