import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { boundNames } from '../../../local/pipeline/name-bound.ts';
import { boundShadows } from '../../../local/shadow/shadow-store.ts';

const message = (gateway: string, cylinder: string, isUnderstood = true) => ({
  topic: `greengrass/ml/inference/${gateway}/${cylinder}`,
  body: Buffer.from(
    isUnderstood
      ? JSON.stringify({
          v: 1,
          cylinder,
          boot: 'b',
          samples: [{ t: 1_763_800_000_000, seq: 1, wRMSCurrent: 1, probability: 0.5 }],
        })
      : '{',
  ),
  receivedAt: 1_763_800_000_000,
  client: null,
});

test('a cylinder or gateway beyond the bound is refused, those that are known go on, and garbage takes no room', () => {
  const names = boundNames({ cylinders: ['cyl-1'], gateways: ['gw-1'] }, 2);
  for (let i = 0; i < 10; i++) names.admit(message('gw-1', `garbage-${i}`, false));
  names.admit(message('gw-1', 'cyl-2'));
  assert.throws(
    () => names.admit(message('gw-1', 'cyl-3')),
    /cyl-3 would be one more than the 2 .*--max-cylinders/,
  );
  names.admit(message('gw-2', 'cyl-1'));
  assert.throws(() => names.admit(message('gw-3', 'cyl-1')), /gateway gw-3 would be one more/);
  names.admit(message('gw-1', 'cyl-2'));
  assert.equal(names.isKnown('cyl-2'), true);
  assert.equal(names.isKnown('garbage-1'), false);
});

test('a thousand things that never spoke may have shadows; one that does not fit may have one once it spoke', () => {
  const known = new Set(['cyl-1']);
  const mayBegin = boundShadows(openLedgerDatabase({ path: ':memory:' }), (thing) => known.has(thing));
  for (let i = 0; i < 1000; i++) assert.equal(mayBegin(`thing-${i}`), true);
  assert.equal(mayBegin('one-more'), false);
  assert.equal(mayBegin('cyl-1'), true);
  assert.equal(mayBegin('thing-7'), true);
  known.add('one-more').add('thing-3');
  assert.equal(mayBegin('one-more'), true);
  assert.equal(mayBegin('in-its-place'), true);
  assert.equal(mayBegin('too-many'), false);
});
