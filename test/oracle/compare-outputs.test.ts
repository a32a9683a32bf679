import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareOutputs } from './compare-outputs.ts';

const begin = { kind: 'begin', seed: 7 };
const raised = { kind: 'notice', cylinder: 'c0', id: 'c0@1#1', type: 'RAISED', at: 5 };
const recovered = { kind: 'notice', cylinder: 'c0', id: 'c0@1#2', type: 'RECOVERED', at: 9 };
const late = { kind: 'late', cylinder: 'c0', t: 3 };
const ofOther = { kind: 'late', cylinder: 'c1', t: 3 };

const agreeing = [
  { name: 'an equal output', actual: [begin, raised, recovered, late, ofOther] },
  { name: 'families and owners interleaved another way', actual: [begin, ofOther, late, raised, recovered] },
  {
    name: 'fields in another order',
    actual: [
      begin,
      { at: 5, type: 'RAISED', id: 'c0@1#1', cylinder: 'c0', kind: 'notice' },
      recovered,
      late,
      ofOther,
    ],
  },
];

for (const { name, actual } of agreeing) {
  test(`${name} agrees`, () => {
    assert.equal(compareOutputs([begin, raised, recovered, late, ofOther], actual), null);
  });
}

const differing = [
  { name: 'two notices the other way round', actual: [begin, recovered, raised, late], index: 0 },
  { name: 'a notice missing', actual: [begin, raised, late], index: 1 },
  { name: 'a notice too many', actual: [begin, raised, recovered, recovered, late], index: 2 },
  { name: 'another value in a field', actual: [begin, raised, { ...recovered, at: 10 }, late], index: 1 },
  { name: 'another field', actual: [begin, { ...raised, count: 1 }, recovered, late], index: 0 },
];

for (const { name, actual, index } of differing) {
  test(`${name} is reported with its stream, owner, family and index`, () => {
    const difference = compareOutputs([begin, raised, recovered, late], actual);
    assert.match(
      difference ?? '',
      new RegExp(`^stream 1 \\(seed 7\\), cylinder c0, notice, index ${index}:`),
    );
  });
}

test('the same line in another stream is a difference', () => {
  const second = { kind: 'begin', seed: 8 };
  const difference = compareOutputs([begin, late, second], [begin, second, late]);
  assert.match(difference ?? '', /^stream 1 \(seed 7\), cylinder c0, late\+quarantine, index 0:/);
});

test('a gateway owns the notices that name no cylinder', () => {
  const offline = { kind: 'notice', gateway: 'gw1', id: 'gw1@1#1', type: 'OFFLINE', at: 4 };
  assert.match(compareOutputs([begin, offline], [begin]) ?? '', /gateway gw1, notice, index 0/);
});
