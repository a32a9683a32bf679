import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimatedUsd, permitOf, requireAccount } from './budget.ts';

const ALLOWED = { SENTINEL_ACCOUNT: '123456789012', SENTINEL_MAX_USD: '25', AWS_REGION: 'eu-central-1' };

test('a run is allowed for one account, in one region, up to a maximum', () => {
  const permit = permitOf(ALLOWED);
  assert.deepEqual([permit.account, permit.region, permit.maxUsd], ['123456789012', 'eu-central-1', 25]);
  assert.equal(permit.estimatedUsd, estimatedUsd());
  assert.doesNotThrow(() => requireAccount(permit, '123456789012'));
});

const REFUSED: readonly (readonly [why: RegExp, given: Readonly<Record<string, string | undefined>>])[] = [
  [/No account/, { SENTINEL_ACCOUNT: undefined }],
  [/No account/, { SENTINEL_ACCOUNT: '' }],
  [/No account/, { SENTINEL_ACCOUNT: '12345678901' }],
  [/No maximum/, { SENTINEL_MAX_USD: undefined }],
  [/No maximum/, { SENTINEL_MAX_USD: 'a lot' }],
  [/No maximum/, { SENTINEL_MAX_USD: '-1' }],
  [/may cost \$\d+\.\d\d .* more than \$0\.5/, { SENTINEL_MAX_USD: '0.5' }],
  [/No region/, { AWS_REGION: undefined }],
  [/No region/, { AWS_REGION: 'here' }],
  [/CI/, { CI: 'true' }],
];

for (const [why, given] of REFUSED) {
  test(`a run is refused with ${JSON.stringify(given)}`, () => {
    assert.throws(() => permitOf({ ...ALLOWED, ...given }), why);
    assert.throws(() => permitOf({ ...ALLOWED, ...given }), /SENTINEL_ACCOUNT=/);
  });
}

test('credentials of another account are refused', () => {
  assert.throws(() => requireAccount(permitOf(ALLOWED), '999999999999'), /123456789012 was named/);
  assert.throws(() => requireAccount(permitOf(ALLOWED), undefined), /Nothing was done/);
});

test('the estimate is dollars, not cents and not hundreds', () => {
  assert.ok(estimatedUsd() > 2 && estimatedUsd() < 20, String(estimatedUsd()));
});
