import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readMapping } from '../../domain/mapping/mapping.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();

const check = (...args: readonly string[]) => runCommand(['source', 'check', ...args]);

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const message = (second: number, temperature: unknown) =>
  `${JSON.stringify({
    topic: 'tele/press-1/SENSOR',
    body: JSON.stringify({ Time: `2025-11-22T08:26:${second}`, QM: { Temp: temperature } }),
  })}\n`;

const MAP = written(
  'map.json',
  '{"topics":["tele/+/SENSOR"],"gateway":"hall","cylinder":{"topic":2},"time":"Time","sensors":{"rVibration_Temp":{"from":"QM.Temp","scale":0.1}}}',
);

test('a mapping is good, or told field by field', async () => {
  assert.deepEqual(await check('--map', MAP), { code: 0, out: `${MAP}: good\n`, errors: '' });
  const { code, errors } = await check(
    '--map',
    written('bad.json', '{"sensors":{"wRMSCurrent":{"scale":2}}}'),
  );
  assert.equal(code, 2);
  assert.match(errors, /bad\.json: sensors\.wRMSCurrent\.from must be there/);
});

test('it says what a mapping makes of recorded messages: how many, of whom, when, each range, and what was refused', async () => {
  const messages = written('messages.jsonl', message(40, 415) + message(50, 9000) + message(52, 'err'));
  const { code, out } = await check(messages, '--map', MAP);
  assert.equal(code, 0);
  assert.match(out, /2 samples of 1 cylinder: hall\/press-1\n.*2025-11-22 08:26:40Z to .*, one each 10 s\n/);
  assert.match(out, /rVibration_Temp +41\.5 … 900\.0 °C; looks wrong by a unit or a scale\n/);
  assert.match(out, /wRMSCurrent +never there\n/);
  assert.match(out, /refused: 1 for sensor, the first: rVibration_Temp: QM\.Temp is no number: "err"\n/);
});

test('bodies by themselves are of the topic that is given, and nothing understood is an error', async () => {
  const bodies = written('bodies.jsonl', '{"t":1763800000,"rVibration_temp":41.5}\n');
  const { code, out, errors } = await check(bodies);
  assert.equal(code, 2);
  assert.match(out, /refused: 1 for sensor, .*: map rVibration_Temp from "rVibration_temp"\n/);
  assert.match(errors, /bodies\.jsonl: nothing in it is understood/);
});

test('every map of docs/sources.md is good', () => {
  const text = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');
  const maps = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, map = '']) => map);
  assert.equal(maps.length, 5);
  for (const map of maps) assert.equal(readMapping(JSON.parse(map)).ok, true, map);
});

const SENSOR_CELLS = '46.1,2.10,1.80,3.2,40.0,1180';
const SENSOR_NAMES =
  'rVibration_Temp,rVibration_Z_RMS_Velocity,rVibration_X_RMS_Velocity,wRMSCurrent,wCurrentLoad,wEncoderVelocity';

test('it says what is understood of a table: its writing, columns, period, gaps, ranges and labels', async () => {
  const rows = [0, 1, 2, 3, 4, 30].map((minute) => {
    const clock = `2024-03-04 06:${String(minute).padStart(2, '0')}:00`;
    return `${clock},${SENSOR_CELLS},${minute > 3 ? 1 : 0}`;
  });
  const table = written(
    'pump.csv',
    `time,${SENSOR_NAMES},label\n${rows.join('\n')}\n`.replace('46.1', '4610'),
  );
  const { code, out } = await check(table);
  assert.equal(code, 0);
  assert.match(out, /pump\.csv: CSV by commas, decimals with a point, 8 columns\n/);
  assert.match(
    out,
    / {2}time: time; cylinder: the name of the file; label: label\n6 samples of 1 cylinder: pump\n/,
  );
  assert.match(out, /, one each 60 s\n {2}gaps: 1, the longest 26 min\n/);
  assert.match(out, /rVibration_Temp +46\.1 … 4610\.0 °C; looks wrong by a unit or a scale\n/);
  assert.match(out, /labels: 2 of 6 abnormal\n/);
  assert.match(out, /warning: pump: one sample each 60 s .* a policy that fits: \{"samplePeriodMs":60000/);
});

test('it guesses a first map of a table of other names, says what it is not sure of, and writes it', async () => {
  const table = written(
    'vibration.csv',
    'Timestamp,SensorID,Temp [°F],XVelRMS,ZVelRMS,DeviceStatus\n1709532000000,s1,115,1.8,2.1,ok\n1709532000000,s2,116,1.9,2.2,BROKEN\n',
  );
  const map = join(folder, 'guessed.json');
  const { code, out } = await check(table, '--write', map);
  assert.equal(code, 2, 'without the map it is not understood');
  assert.deepEqual(JSON.parse(readFileSync(map, 'utf8')), {
    time: 'Timestamp',
    cylinder: { from: 'SensorID' },
    label: { from: 'DeviceStatus', values: { ok: false, BROKEN: true } },
    sensors: {
      rVibration_Temp: { from: 'Temp [°F]', unit: '°F' },
      rVibration_Z_RMS_Velocity: 'ZVelRMS',
      rVibration_X_RMS_Velocity: 'XVelRMS',
    },
  });
  assert.match(out, /not sure: sensors\.rVibration_Z_RMS_Velocity: ZVelRMS, by its name alone\n/);
  assert.match(out, /not sure: sensors\.wRMSCurrent: no column is called like it\n/);
  const mapped = await check(table, '--map', map);
  assert.equal(mapped.code, 0, mapped.errors);
  assert.match(mapped.out, /2 samples of 2 cylinders: s1, s2\n[\s\S]*rVibration_Temp +46\.1 … 46\.7 °C\n/);
});

const SIX_NAMES = SENSORS.join(',');
const SIX_CELLS = '46.1,2.10,1.80,3.2,40.0,1180';
const GUESSED: readonly (readonly [habit: string, bytes: string, map: unknown, doubt: RegExp])[] = [
  [
    'a date and a clock with half a day in columns of their own',
    `Date,Time,${SIX_NAMES}\n03/04/2024,06:00:00 AM,${SIX_CELLS}\n`,
    { time: { from: ['Date', 'Time'], as: 'month-day-year' } },
    /time: Date and Time could be day-month-year or month-day-year; month first is a guess/,
  ],
  [
    'a day and a clock of one of two orders',
    `Datum,Uhrzeit,${SIX_NAMES}\n03/04/2024,06:00:00,${SIX_CELLS}\n`,
    { time: { from: ['Datum', 'Uhrzeit'], as: 'day-month-year' } },
    /day first is a guess/,
  ],
  [
    'seconds from its beginning',
    `Time,${SIX_NAMES}\n0,${SIX_CELLS}\n1,${SIX_CELLS}\n`,
    { time: { from: 'Time', as: 'epoch-s' } },
    /time: Time counts from the beginning of the recording, which is then in 1970/,
  ],
  [
    'three digits behind each comma',
    `time;${SIX_NAMES.replaceAll(',', ';')}\n2024-03-04T06:00:00Z;46,100;2,100;1,800;3,200;40,000;118,000\n`,
    { time: 'time', decimal: ',' },
    /decimal: numbers such as 1,250 may be of thousands; that decimals begin with a comma is a guess/,
  ],
];
for (const [habit, bytes, expected, doubt] of GUESSED)
  test(`the map that is guessed of a table with ${habit} is one that reads it`, async () => {
    const [table, map] = [written('guess.csv', bytes), join(folder, 'guess.json')];
    rmSync(map, { force: true });
    const guessed = await check(table, '--write', map);
    const { sensors, ...rest } = JSON.parse(readFileSync(map, 'utf8'));
    assert.deepEqual(rest, expected);
    assert.deepEqual(Object.keys(sensors), [...SENSORS]);
    assert.match(guessed.out, doubt);
    const mapped = await check(table, '--map', map);
    assert.equal(mapped.code, 0, mapped.errors + mapped.out);
    assert.match(mapped.out, /[12] samples? of 1 cylinder: guess\n/);
  });

test('what says the state of a machine is guessed to be the label, not the name of a cylinder', async () => {
  const rows = '2024-04-01 00:00:00,47.1,NORMAL\n2024-04-01 00:01:00,47.0,RECOVERING\n';
  const { out } = await check(written('states.csv', `timestamp,temperature,machine_status\n${rows}`));
  assert.match(
    out,
    /"label": \{\s+"from": "machine_status",\s+"values": \{\s+"NORMAL": false,\s+"RECOVERING": null/,
  );
  assert.match(out, /not sure: label: "RECOVERING" of machine_status is taken for not known\n/);
  assert.doesNotMatch(out, /"cylinder"/);
});

test('a map of another source is said to be one, and run says what it needs to read devices', async () => {
  const map = written(
    'modbus.json',
    '{"modbus":{"host":"plc","devices":[{"cylinder":"a","unit":1}]},"sensors":{"wRMSCurrent":"holding 7"}}',
  );
  const probed = await runCommand(['source', 'probe', '--source', 'opcua', '--map', map]);
  assert.equal(probed.code, 2);
  assert.match(
    probed.errors,
    /the map says nothing of "opcua", where the devices are; it is one for --source modbus/,
  );
  const ran = await runCommand(['run', '--source', 'modbus']);
  assert.equal(ran.code, 2);
  assert.match(
    ran.errors,
    /devices are read by a map of where they are, and scored by a model: --map FILE --model PATH/,
  );
});
