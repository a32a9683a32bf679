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
  ['semicolon-comma/german.csv', ONE],
  ['semicolon-comma/iso-semicolon.csv', ONE],
  ['semicolon-comma/quoted-comma.csv', ONE],
  ['semicolon-comma/ampm.csv', ONE],
  ['semicolon-comma/us-date.csv', /could have its day or its month first/],
  ['vibration-csv/capital.csv', ONE],
  ['vibration-csv/name-with-space.csv', /"Press 1" is not a name/],
  ['vibration-csv/machine-column.csv', /these look like several machines, which are not merged/],
  ['vibration-csv/machine-column.csv', ONE.replace('press', 'a'), { cylinder: { from: 'machine' } }],
  ...['NA', 'NaN', 'None', 'dash', 'inf', 'nan', 'null'].map(
    (word) => [`missing-tokens/tok-${word}.csv`, 'press 2024-03-04 06:00:00 - 2.1 1.8 3.2 40 1180'] as const,
  ),
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
