import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../../../domain/fields.ts';
import { answerText } from '../../../local/console/console-notifier.ts';
import { marked, plain } from './paints.ts';

const UTC = { timeZone: 'UTC' };
const HOUR_MS = 3_600_000;

const lineOf = (verdict: Fields, twin: Fields = {}, before: Fields = {}): string =>
  answerText(plain, { cylinder: 'c1', verdict: { result: 'in-force', ...verdict }, twin, before }, UTC);

test('what a person asked for is a line that says what became of it, and cannot write to the terminal', () => {
  const verdict = { kind: 'ack', result: 'in-force', by: 'ana', words: 'on my\u001b[2J way' };
  assert.equal(
    answerText(marked, { cylinder: 'c1', verdict, twin: {}, before: {} }, UTC),
    '<cyan:ACKNOWLEDGED>: c1 by ana: on my�[2J way',
  );
  assert.equal(
    answerText(
      plain,
      { cylinder: 'c1', verdict: { ...verdict, result: 'refused', words: 'no' }, twin: {}, before: {} },
      UTC,
    ),
    'REFUSED ack: c1 by ana: no',
  );
});

test('a shelf and maintenance say until when, and the end of maintenance is another line', () => {
  const given = { by: 'ana', words: 'parts', id: 'a1', answeredAt: 0 };
  const fields = { by: 'ana', reason: 'parts', id: 'a1', until: HOUR_MS };
  const until = 'until 1970-01-01 01:00:00 (UTC)';
  assert.equal(
    lineOf({ ...given, kind: 'shelve' }, { shelve: fields }),
    `SHELVED: c1 by ana ${until}: parts`,
  );
  assert.equal(
    lineOf({ ...given, kind: 'maintenance' }, { maintenance: fields }),
    `MAINTENANCE: c1 by ana ${until}: parts`,
  );
  assert.equal(
    lineOf({ ...given, kind: 'maintenance', answeredAt: HOUR_MS }, { maintenance: fields }),
    'MAINTENANCE ENDED: c1 by ana: parts',
  );
});

test('what a later command of the kind says is not said of an earlier one', () => {
  const shelve = { by: 'bo', id: 'b2', until: HOUR_MS };
  assert.equal(
    lineOf({ kind: 'shelve', by: 'ana', id: 'a1', words: 'parts' }, { shelve }),
    'SHELVED: c1 by ana: parts',
  );
});

test('a closing says its outcome and mode once, and the comment beside them', () => {
  const close = { by: 'ana', outcome: 'fault', mode: 'bearing' };
  assert.equal(
    lineOf({ kind: 'close', by: 'ana', words: 'bearing' }, { close }),
    'CLOSED: c1 by ana as fault, bearing',
  );
  assert.equal(
    lineOf({ kind: 'close', by: 'ana', words: 'it was dry' }, { close }),
    'CLOSED: c1 by ana as fault, bearing: it was dry',
  );
  assert.equal(
    lineOf({ kind: 'close', by: 'ana', words: 'sensor' }, { close: { by: 'ana', outcome: 'sensor' } }),
    'CLOSED: c1 by ana as sensor',
  );
});

test('a policy says which fields were set and which taken back', () => {
  const before = { policy: { raiseRatio: 0.5, windowMs: 60_000, threshold: 0.4 } };
  assert.equal(
    lineOf({ kind: 'policy' }, { policy: { raiseRatio: 0.6, threshold: 0.4, latenessMs: 2000 } }, before),
    'POLICY: c1 raiseRatio set to 0.6, latenessMs set to 2000, windowMs taken back',
  );
  assert.equal(
    lineOf({ kind: 'policy' }, { policy: null }, { policy: { raiseRatio: 0.5 } }),
    'POLICY: c1 raiseRatio taken back',
  );
});
