import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome, payloadOf, readBody, readValue, WHOLE_SAMPLE } from '../../test/fixture/message.ts';

const without = (field: string) =>
  Object.fromEntries(Object.entries(WHOLE_SAMPLE).filter(([name]) => name !== field));

const CHANGED: readonly (readonly [string, unknown, string])[] = [
  ['probability', 0, '1'],
  ['probability', 1, '1'],
  ['probability', 1.0000001, '0 probability'],
  ['probability', -0.0000001, '0 probability'],
  ['probability', '0.5', '0 probability'],
  ['probability', 'NaN', '0 probability'],
  ['probability', null, '0 probability'],
  ['probability', true, '0 probability'],
  ['probability', [0.5], '0 probability'],
  ['probability', {}, '0 probability'],
  ['seq', 0, '1'],
  ['seq', null, '1'],
  ['seq', -1, '0 identity'],
  ['seq', 0.5, '0 identity'],
  ['seq', '41', '0 identity'],
  ['seq', 2 ** 53, '0 identity'],
  ['rVibration_Temp', null, '1'],
  ['rVibration_Temp', -273.15, '1'],
  ['rVibration_Temp', '48.2', '0 sensor'],
  ['rVibration_Temp', 'NaN', '1'],
  ['wEncoderVelocity', false, '0 sensor'],
  ['wEncoderVelocity', {}, '0 sensor'],
  ['wCurrentLoad', [41], '0 sensor'],
  ['why', null, '1'],
  ['why', [], '0 why'],
  ['why', [1, 2, 3, 4, 5], '0 why'],
  ['why', [1, 2, 3, 4, 5, 6, 7], '0 why'],
  ['why', [1, 2, 3, 4, 5, null], '0 why'],
  ['why', [1, 2, 3, 4, 5, '6'], '0 why'],
  ['why', 'because', '0 why'],
  ['t', -1, '0 time'],
  ['t', 0.5, '0 time'],
  ['t', '1763800000123', '1'],
  ['t', 1_763_800_000, '1'],
  ['t', 1_763_800_000_123.4, '1'],
  ['t', 3000, '0 time'],
  ['t', null, '0 time'],
  ['t', 1_763_800_000_123 - 31_536_000_000, '1'],
  ['t', 1_763_800_000_123 + 31_536_000_000, '1'],
  ['extra', { deep: [1] }, '1'],
];
for (const [field, value, expected] of CHANGED) {
  test(`a sample whose ${field} is ${JSON.stringify(value)} ends as ${expected}`, () => {
    assert.equal(outcome(readValue(payloadOf({ ...WHOLE_SAMPLE, [field]: value }))), expected);
  });
}

for (const [field, expected] of [
  ['probability', '0 probability'],
  ['t', '0 time'],
  ['seq', '1'],
  ['why', '1'],
  ['rVibration_Z_RMS_Velocity', '1'],
] as const) {
  test(`a sample without ${field} ends as ${expected}`, () => {
    assert.equal(outcome(readValue(payloadOf(without(field)))), expected);
  });
}

test('a number beyond all bounds is none', () => {
  const sample = (field: string, text: string) =>
    JSON.stringify(payloadOf({ ...WHOLE_SAMPLE, [field]: 'HERE' })).replace('"HERE"', text);
  assert.equal(outcome(readBody(sample('rVibration_Temp', '1e999'))), '0 sensor');
  assert.equal(outcome(readBody(sample('probability', '1e999'))), '0 probability');
  assert.equal(outcome(readBody(sample('t', '1e999'))), '0 time');
  assert.equal(outcome(readBody(sample('seq', '1e999'))), '0 identity');
  assert.equal(outcome(readBody(sample('why', '[1e999,0,0,0,0,0]'))), '0 why');
});

test('minus zero is zero as far as anybody can tell', () => {
  const body = JSON.stringify(payloadOf({ ...WHOLE_SAMPLE, seq: 'HERE', probability: 'HERE' }));
  const [sample] = readBody(body.replaceAll('"HERE"', '-0')).samples;
  assert.deepEqual(JSON.parse(JSON.stringify([sample?.seq, sample?.probability])), [0, 0]);
});

test('a sensor that did not answer is null, never 0', () => {
  const [sample] = readValue(payloadOf({ ...without('wRMSCurrent'), wCurrentLoad: null })).samples;
  assert.deepEqual(sample?.values, [48.2, 2.31, 1.92, null, null, 1180]);
});

test('half a name names nothing: without its boot a sequence is dropped, and a boot without its sequence', () => {
  const { boot: _, ...noBoot } = payloadOf(WHOLE_SAMPLE);
  for (const value of [noBoot, payloadOf(without('seq'))]) {
    const [sample] = readValue(value).samples;
    assert.deepEqual([sample?.boot, sample?.seq], [null, null]);
  }
});
