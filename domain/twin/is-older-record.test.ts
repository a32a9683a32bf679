import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOlderRecord, type RecordSave } from './is-older-record.ts';

const CASES: readonly (readonly [what: string, save: RecordSave, other: RecordSave, isOlder: boolean])[] = [
  ['a lower version', { version: 1, savedAt: 1000 }, { version: 2, savedAt: 1000 }, true],
  ['the same save', { version: 2, savedAt: 1000 }, { version: 2, savedAt: 1000 }, false],
  ['a lower version by a clock ahead', { version: 1, savedAt: 6000 }, { version: 2, savedAt: 1000 }, true],
  ['a lower version of a later ledger', { version: 1, savedAt: 6001 }, { version: 2, savedAt: 1000 }, false],
  ['a higher version of a former one', { version: 9, savedAt: 1000 }, { version: 2, savedAt: 6001 }, true],
  ['what says no time, of a lower version', { version: 1 }, { version: 2, savedAt: 1000 }, true],
  ['what says no time, of a higher version', { version: 3 }, { version: 2, savedAt: 1000 }, false],
  ['a lower version than what says no time', { version: 1, savedAt: 1000 }, { version: 2 }, false],
  ['a lower version, neither with a time', { version: 1 }, { version: 2 }, true],
];

for (const [what, save, other, isOlder] of CASES) {
  test(`${what} is ${isOlder ? '' : 'not '}older`, () => assert.equal(isOlderRecord(save, other), isOlder));
}
