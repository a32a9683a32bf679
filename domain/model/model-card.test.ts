import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModelCard, referenceOf } from './model-card.ts';

const rows = Array.from({ length: 40 }, (_, i) => [i, i, i, i, null, 7] as const);
const reference = referenceOf(
  rows,
  rows.map((_, i) => i / 40),
);

test('a reference is read back from the text of a card', () => {
  const reading = readModelCard(JSON.parse(JSON.stringify({ settings: {}, reference })));
  assert.deepEqual(reading, { ok: true, card: { reference, calibration: null } });
  assert.equal(reference.sensors[4]?.missing, 40);
  assert.equal(reference.score.counts.length, 10);
});

test('a card of an earlier version has no reference', () => {
  assert.deepEqual(readModelCard({ settings: {} }), {
    ok: true,
    card: { reference: null, calibration: null },
  });
});

test('a card whose counts do not fit its edges is refused with the place', () => {
  const broken = { ...reference, score: { edges: [0.5], counts: [1], missing: 0 } };
  const reading = readModelCard({ reference: broken });
  assert.match(reading.ok ? '' : reading.message, /reference\.score/);
  const five = { ...reference, sensors: reference.sensors.slice(1) };
  assert.equal(readModelCard({ reference: five }).ok, false);
  assert.equal(readModelCard(null).ok, false);
});
