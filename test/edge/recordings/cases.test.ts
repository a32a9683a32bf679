import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTable } from './read-table.ts';

const cases = join(import.meta.dirname, '../../../../shared/cases');
const skip = existsSync(cases) ? false : 'the files of ../shared/cases are not here';
const SIX = '46.1 2.1 1.8 3.2 40 1180';
const ONE = `press 2024-03-04 06:00:00 ${SIX}`;
const withUnits = (sensors: Readonly<Record<string, string>>) => ({
  sensors: Object.fromEntries(Object.entries(sensors).map(([from, unit]) => [from, { from, unit }])),
});

/** Counts of a data sheet: thousandths of °C, tenths of mm/s. */
const COUNTS = {
  sensors: {
    rVibration_Temp: { from: 'TempHumiSenVal', scale: 0.001 },
    rVibration_Z_RMS_Velocity: { from: 'ZOAVelocity', scale: 0.1 },
    rVibration_X_RMS_Velocity: { from: 'XOAVelocity', scale: 0.1 },
  },
};

/** Each file as people have it, with its map where it needs one, and its first sample or what is said of it. */
const CASES: readonly (readonly [file: string, said: string | RegExp, mapping?: unknown])[] = [
  ['influx-grafana-export/micro.csv', ONE],
  ['influx-grafana-export/nano.csv', ONE],
  ['influx-grafana-export/excel-exp.csv', ONE],
  ['influx-grafana-export/excel-serial.csv', /map time as excel/],
  ['influx-grafana-export/excel-serial.csv', ONE, { time: { from: 'timestamp', as: 'excel' } }],
  ['influx-grafana-export/grafana.csv', /"46\.1 °C" is not a number; if that is its unit/],
  [
    'influx-grafana-export/grafana.csv',
    ONE,
    withUnits({
      rVibration_Temp: '°C',
      rVibration_Z_RMS_Velocity: 'mm/s',
      rVibration_X_RMS_Velocity: 'mm/s',
      wRMSCurrent: 'A',
      wCurrentLoad: '%',
      wEncoderVelocity: 'rpm',
    }),
  ],
  [
    'influx-grafana-export/influx.csv',
    /missing columns: rVibration_Z_RMS_Velocity, .*found: , result, table, _time/,
  ],
  [
    'influx-grafana-export/influx.csv',
    'press 2024-03-04 06:00:00 46.1 - - - - -',
    { time: '_time', sensors: { rVibration_Temp: 'rVibration_Temp' } },
  ],
  ['semicolon-comma/german.csv', ONE],
  ['semicolon-comma/iso-semicolon.csv', ONE],
  ['semicolon-comma/quoted-comma.csv', ONE],
  ['semicolon-comma/ampm.csv', ONE],
  ['semicolon-comma/us-date.csv', /could have its day or its month first/],
  ['vibration-csv/capital.csv', ONE],
  ['vibration-csv/name-with-space.csv', /"Press 1" is not a name/],
  ['vibration-csv/machine-column.csv', /these look like several machines, which are not merged/],
  ['vibration-csv/machine-column.csv', ONE.replace('press', 'a'), { cylinder: { from: 'machine' } }],
  ['vibration-csv/in.csv', /missing columns: rVibration_Temp, .*found: Timestamp, SensorID, /],
  ['vibration-csv/in.csv', /these look like several machines, which are not merged/, COUNTS],
  [
    'vibration-csv/in.csv',
    'sensor-1 2024-03-04 06:00:00 30.1 0.5 0.6 - - -',
    { ...COUNTS, cylinder: { from: 'SensorID' } },
  ],
  ...['NA', 'NaN', 'None', 'dash', 'inf', 'nan', 'null'].map(
    (word) => [`missing-tokens/tok-${word}.csv`, 'press 2024-03-04 06:00:00 - 2.1 1.8 3.2 40 1180'] as const,
  ),
  ['kaggle-pump/in.csv', /missing columns: rVibration_Temp, .*found: , timestamp, sensor_00, /],
  [
    'kaggle-pump/in.csv',
    'press 2024-04-01 00:00:00 47.1 - - 2.4 - - false',
    {
      sensors: { rVibration_Temp: 'sensor_01', wRMSCurrent: 'sensor_00' },
      label: { from: 'machine_status', values: { NORMAL: false, BROKEN: true, RECOVERING: true } },
    },
  ],
  [
    'kaggle-pump/renamed.csv',
    'press 2024-04-01 00:00:00 46 2.1 1.8 3.2 40 1180 false',
    { label: { from: 'machine_status', values: { NORMAL: false, BROKEN: true, RECOVERING: true } } },
  ],
];

for (const [file, said, mapping] of CASES)
  test(`${file}${mapping === undefined ? '' : ' by a map'} has its right outcome`, { skip }, async () => {
    const [first = ''] = await readTable(readFileSync(join(cases, file)), mapping);
    if (typeof said === 'string') assert.equal(first, said);
    else assert.match(first, said);
  });
