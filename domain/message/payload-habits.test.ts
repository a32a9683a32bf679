import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome, readBody, TOPIC } from '../../test/fixture/message.ts';
import { readMessage } from './read-message.ts';

const AT = Date.UTC(2025, 10, 22, 8, 26, 40);
const [SIX, HOT] = [
  '"rVibration_Temp":41.5,"rVibration_Z_RMS_Velocity":2.2,"rVibration_X_RMS_Velocity":1.8,"wRMSCurrent":3.1,"wCurrentLoad":39,"wEncoderVelocity":1190',
  '"rVibration_Temp":41.5,"probability":0.97',
];

/** A body as a device sends it, the time and temperature of each sample read in it, and the reasons of all rejections. */
const HABITS: readonly (readonly [
  habit: string,
  body: string,
  samples: readonly (readonly [number, number | null])[],
  reasons?: string,
])[] = [
  ['t in s', `{"t":1763800000,${SIX},"probability":0.97}`, [[AT, 41.5]]],
  ['t in fractional s', `{"t":1763800000.25,${HOT}}`, [[AT + 250, 41.5]]],
  ['t in fractional ms', `{"t":1763800000123.5,${HOT}}`, [[AT + 124, 41.5]]],
  ['t in µs', `{"t":1763800000123456,${HOT}}`, [[AT + 123, 41.5]]],
  ['t in ns', `{"t":1763800000123456789,${HOT}}`, [[AT + 123, 41.5]]],
  ['timeInSeconds in ms', `{"timeInSeconds":1763800000123,${HOT}}`, [[AT + 123, 41.5]]],
  ['a clock that was never set', `{"t":3000,${HOT}}`, [], 'time'],
  ['t as ISO with Z', `{"t":"2025-11-22T08:26:40Z",${HOT}}`, [[AT, 41.5]]],
  ['timestamp as ISO', `{"timestamp":"2025-11-22T08:26:40Z",${HOT}}`, [[AT, 41.5]]],
  ['timestamp in s', `{"timestamp":1763800000,${HOT}}`, [[AT, 41.5]]],
  ['sDateTime with T and an offset', `{"sDateTime":"2025-11-22T10:26:40+0200",${HOT}}`, [[AT, 41.5]]],
  ['sDateTime with µs', `{"sDateTime":"2025-11-22 08:26:40.123456",${HOT}}`, [[AT + 123, 41.5]]],
  ['a null sDateTime', `{"sDateTime":null,"timeInSeconds":1763800000,${HOT}}`, [[AT, 41.5]]],
  ['an unreadable sDateTime', `{"sDateTime":"?","timeInSeconds":1763800000,${HOT}}`, [[AT, 41.5]]],
  ['no time at all', `{${HOT}}`, [], 'time'],
  ['NaN as Python writes it', `{"t":1763800000,"rVibration_Temp":NaN,"probability":0.9}`, [[AT, null]]],
  ['nan as C writes it', `{"t":1763800000,"rVibration_Temp":-nan,"probability":0.9}`, [[AT, null]]],
  ['-Infinity', `{"t":1763800000,"rVibration_Temp":-Infinity,"probability":0.9}`, [[AT, null]]],
  ['inf', `{"t":1763800000,"rVibration_Temp":inf,"probability":0.9}`, [[AT, null]]],
  ['NaN as a text', `{"t":1763800000,"rVibration_Temp":"NaN","probability":0.9}`, [[AT, null]]],
  ['a null sensor', `{"t":1763800000,"rVibration_Temp":null,"probability":0.9}`, [[AT, null]]],
  ['NaN within a text', `{"t":1763800000,"note":"NaN, \\"inf\\"",${HOT}}`, [[AT, 41.5]]],
  [
    'a batch with one NaN',
    `{"v":1,"samples":[{"t":1763800000,${HOT}},{"t":1763800001,"rVibration_Temp":NaN,"probability":0.9}]}`,
    [
      [AT, 41.5],
      [AT + 1000, null],
    ],
  ],
  [
    'a batch with one text for a number',
    `{"v":1,"samples":[{"t":1763800000,${HOT}},{"t":1763800001,"rVibration_Temp":"41.5","probability":0.9}]}`,
    [[AT, 41.5]],
    'sensor',
  ],
  ['a trailing comma', `{"t":1763800000,${HOT},}`, [], 'not-json'],
  ['a list of samples', `[{"t":1763800000,${HOT}}]`, [[AT, 41.5]]],
  ['a list with one that is none', `[{"t":1763800000,${HOT}},7]`, [[AT, 41.5]], 'not-an-object'],
  [
    'JSON in lines',
    `{"t":1763800000,${HOT}}\n{"t":1763800001,${HOT}}\r\n\n`,
    [
      [AT, 41.5],
      [AT + 1000, 41.5],
    ],
  ],
  ['JSON in lines, one cut off', `{"t":1763800000,${HOT}}\n{"t":17638`, [[AT, 41.5]], 'not-an-object'],
  ['a NUL behind it', `{"t":1763800000,${HOT}}\0`, [[AT, 41.5]]],
  ['a byte order mark before it', `\uFEFF{"t":1763800000,${HOT}}`, [[AT, 41.5]]],
  ['nothing, as clears a retained message', '', []],
  ['sensors in an object', `{"t":1763800000,"sensors":{${SIX}},"probability":0.02}`, [], 'sensor'],
  ['no sensor, only a probability', '{"t":1763800000,"probability":0.02}', [], 'sensor'],
  ['misspelt sensors', '{"t":1763800000,"rVibration_temp":41.5,"probability":0.02}', [], 'sensor'],
  ['no probability', `{${SIX},"wCylinderStatus":0,"sDateTime":"2025-11-22 08:26:40.123"}`, [], 'probability'],
];

for (const [habit, body, samples, reasons = ''] of HABITS) {
  test(`a message with ${habit} is read as it was meant, or refused with the reason`, () => {
    const reading = readBody(body);
    assert.deepEqual(
      reading.samples.map(({ t, values }) => [t, values[0]]),
      samples,
    );
    assert.equal(reading.rejections.map(({ reason }) => reason).join(' '), reasons);
    assert.equal(reading.gateway, 'line-3');
  });
}

const detail = (body: string, topic = TOPIC): string => readBody(body, topic).rejections[0]?.detail ?? '';

test('what has none of the six sensors is told what was found, what was looked for and what to map', () => {
  assert.match(
    detail(`{"t":1763800000,"sensors":{"rVibration_Temp":41.5},"probability":0.02}`),
    /^none of the six sensors is in it, found t, sensors\.rVibration_Temp, probability, looked for rVibration_Temp, .*: map rVibration_Temp from "sensors\.rVibration_Temp"$/,
  );
  assert.match(
    detail('{"t":1763800000,"rVibration_temp":41.5,"rVibrationZ_RMS_Velocity":2,"probability":0.02}'),
    /: map rVibration_Temp from "rVibration_temp", rVibration_Z_RMS_Velocity from "rVibrationZ_RMS_Velocity"$/,
  );
  assert.match(detail('{"t":1763800000,"probability":0.02}'), /: map each sensor from where it is$/);
  assert.match(
    detail(`{"t":1763800000,"wRMSCurrent":"3,1","probability":0.02}`),
    /^wRMSCurrent: expected a finite number, received "3,1"; if its comma begins the decimals, a mapping says "decimal": ","$/,
  );
});

test('a time that cannot be read is quoted, and a field that looks like one is named', () => {
  assert.match(
    detail(`{"t":3000,${HOT}}`),
    /t: 3000 is no time of 2015 to 2100 in s, ms, µs or ns since 1970/,
  );
  assert.match(detail(`{"Time":"2025-11-22T08:26:40",${HOT}}`), /"Time" looks like a time: map time from it/);
});

test('a bad name is said to be a bad name', () => {
  const ROOT = 'greengrass/ml/inference';
  const body = `{"t":1763800000,${HOT}}`;
  assert.match(
    detail(body, `${ROOT}/gw8/press.1`),
    /its cylinder has a dot, "\." \(U\+002E\) as character 6$/,
  );
  assert.match(detail(body, `${ROOT}/gw8/실린더1`), /its cylinder has "실" \(U\+C2E4\) as character 1$/);
  assert.match(detail(body, `${ROOT}/plant/line/cyl`), /3 levels after greengrass\/ml\/inference$/);
});

test('a list on the topic of a gateway may be of several cylinders', () => {
  const body = `[{"cylinder":"a","t":1763800000,${HOT}},{"cylinder":"b","t":1763800000,${HOT}},{"t":1763800000,${HOT}}]`;
  const reading = readBody(body, 'greengrass/ml/inference/g');
  assert.equal(outcome(reading), '2 cylinder');
  assert.deepEqual(
    reading.samples.map(({ cylinder, gateway }) => `${gateway} ${cylinder}`),
    ['g a', 'g b'],
  );
});

test('what nobody has scored is scored as it arrives where there is a model, and what was scored keeps its probability', () => {
  const read = (body: string) =>
    readMessage(
      { topic: TOPIC, body: new TextEncoder().encode(body), receivedAt: AT, client: null },
      { scorer: ([temperature]) => ({ probability: Number(temperature) / 100, why: null, model: 'm@1' }) },
    ).samples[0];
  const raw = read(`{${SIX},"wCylinderStatus":1,"sDateTime":"2025-11-22 08:26:40.123"}`);
  assert.deepEqual([raw?.probability, raw?.model, raw?.t], [0.415, 'm@1', AT + 123]);
  assert.deepEqual([read(`{"t":1763800000,${HOT},"model":"own"}`)?.probability], [0.97]);
  assert.equal(read(`{"t":1763800000,${HOT},"model":"own"}`)?.model, 'own');
  assert.equal(read(`{"t":1763800000,${SIX},"probability":null}`)?.probability, 0.415);
});

test('a receiver that lives before 2015, as one of a recording does, takes the times of its samples', () => {
  const body = new TextEncoder().encode(`{"t":1076581959000,${HOT}}`);
  const receivedAt = Date.UTC(2004, 1, 12, 10, 32, 39);
  assert.equal(readMessage({ topic: TOPIC, body, receivedAt, client: null }).samples[0]?.t, receivedAt);
});
