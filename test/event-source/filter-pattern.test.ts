import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { incidentSort, keyOf, noticeSort, STATE, TWIN } from '../../aws/dynamodb/key.ts';
import { DEPLOYED } from './deployed-mappings.ts';
import { meetsPattern, passes } from './filter-pattern.ts';

describe('a filter pattern', () => {
  for (const [what, pattern, record, expected] of [
    ['an equal value', { a: [1, 'x'] }, { a: 'x' }, true],
    ['another value', { a: [1, 'x'] }, { a: 'y' }, false],
    ['no value', { a: ['x'] }, {}, false],
    ['null where it is asked for', { a: [null] }, { a: null }, true],
    ['any of a list of values', { a: ['x'] }, { a: ['y', 'x'] }, true],
    ['one of two fields', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
    ['a prefix', { a: { b: [{ prefix: 'N#' }] } }, { a: { b: 'N#1' } }, true],
    ['another prefix', { a: { b: [{ prefix: 'N#' }] } }, { a: { b: 'I#1' } }, false],
    ['a prefix of a number', { a: [{ prefix: '1' }] }, { a: 12 }, false],
    ['a suffix', { a: [{ suffix: 'x' }] }, { a: 'yx' }, true],
    ['something where it must be', { a: [{ exists: true }] }, { a: 0 }, true],
    ['nothing where something must be', { a: [{ exists: true }] }, {}, false],
    ['nothing where nothing must be', { a: { b: [{ exists: false }] } }, {}, true],
    ['anything but the value', { a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, true],
    ['the value itself', { a: [{ 'anything-but': ['x'] }] }, { a: 'x' }, false],
    ['a number in a range', { a: [{ numeric: ['>', 1, '<=', 3] }] }, { a: 3 }, true],
    ['a number outside of it', { a: [{ numeric: ['>', 1, '<=', 3] }] }, { a: 1 }, false],
  ] as const) {
    test(`${expected ? 'lets through' : 'holds back'} ${what}`, () => {
      assert.equal(meetsPattern(record, pattern), expected);
    });
  }

  test('without any, everything passes', () => {
    assert.ok(passes({}, []));
  });

  test('with a rule that the model does not know, there is no answer', () => {
    assert.throws(() => meetsPattern({ a: 'x' }, { a: [{ cidr: '10.0.0.0/8' }] }), /does not know the rule/);
  });
});

const change = (eventName: string, sk: string) => ({
  eventName,
  dynamodb: { Keys: keyOf({ kind: 'cylinder', name: 'c' }, sk) },
});

const refreshing = {
  ...change('MODIFY', STATE),
  dynamodb: { ...change('MODIFY', STATE).dynamodb, NewImage: { refreshedAt: { N: '5' } } },
};

// The keys are as the ledger writes them: infra/ and aws/dynamodb/ have to agree.
describe('the filters that are deployed', () => {
  for (const [what, record, wakes] of [
    ['a new notice', change('INSERT', noticeSort('c@1#1')), ['notify']],
    ['a mark on a notice', change('MODIFY', noticeSort('c@1#1')), []],
    ['a notice that expired', change('REMOVE', noticeSort('c@1#1')), []],
    ['a new incident', change('INSERT', incidentSort('c@1')), ['notify']],
    ['an incident that went on', change('MODIFY', incidentSort('c@1')), ['notify']],
    ['a new twin', change('INSERT', TWIN), ['twin']],
    ['a twin that changed', change('MODIFY', TWIN), ['twin']],
    ['a state', change('MODIFY', STATE), []],
    ['a state that refreshes its twin', refreshing, ['twin']],
  ] as const) {
    test(`${what} wakes ${wakes.join(' and ') || 'nobody'}`, () => {
      const woken = (['notify', 'twin'] as const).filter((name) => passes(record, DEPLOYED[name].patterns));
      assert.deepEqual(woken, wakes);
    });
  }
});
