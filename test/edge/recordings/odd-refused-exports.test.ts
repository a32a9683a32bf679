import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { readTable } from './read-table.ts';

const names = SENSORS.join(',');
const header = `ts,${names}`;
const cells = '46.1,2.10,1.80,3.2,40.0,1180';
const row = `2024-03-04 06:00:00,${cells}`;
const next = `2024-03-04 06:00:01,${cells}`;
const at = (text: string, name = 'ts'): string => `${name},${names}\n"${text}",${cells}\n`;
const hex = (bytes: string): Buffer => Buffer.from(bytes, 'hex');

const REFUSED: readonly (readonly [habit: string, bytes: string | Uint8Array, said: RegExp])[] = [
  [
    'carets between cells',
    `${header}\n${row}\n`.replaceAll(',', '^'),
    /line 1: its cells seem to be divided by "\^"/,
  ],
  ['no header', `${row}\n${next}\n`, /line 1: holds values and names no columns: write their names above it/],
  [
    'a second table of other columns',
    '_time,_value,_field\n2024-03-04T06:00:00Z,46.1,rVibration_Temp\n\n_field,_time,_value\nwEncoderVelocity,2024-03-04T06:00:00Z,1180\n',
    /line 4, column _time: the columns are named anew, and otherwise/,
  ],
  [
    'times that a spreadsheet has rounded',
    `${header}\n1.70953E+12,${cells}\n1.70953E+12,${cells}\n`,
    /line 3, column ts: "1\.70953E\+12" comes again: a spreadsheet has rounded/,
  ],
  [
    'tags of several machines',
    `name,tags,time,${names}\np,m=1,1709532000,${cells}\np,m=2,1709532001,${cells}\n`,
    /column tags: "m=2" after "m=1": these look like several machines/,
  ],
  [
    'an hour that comes twice',
    `${header}\n2024-10-27 02:59:59,${cells}\n2024-10-27 02:00:00,${cells}\n`,
    /if clocks were put back there, map the time's zone; else sort them$/,
  ],
  [
    'a clock of twelve hours',
    `${header}\n2024-03-04 12:59:59,${cells}\n2024-03-04 01:00:00,${cells}\n`,
    /if the clock has twelve hours and no AM or PM, it cannot be told/,
  ],
  [
    'a clock and no day',
    at('06:00:00', 'Time'),
    /it is a clock without a day: map time from both, as \["date", "clock"\]/,
  ],
  ['a day and no clock', at('2024-03-04', 'date'), /it is a day without a clock: map time from both/],
  ['days of MATLAB', at('739315.25'), /if it is days of MATLAB, map time as matlab/],
  [
    'a comma that could be of thousands',
    `${header}\n${row.replace('1180', '"1,180"')}\n`,
    /"decimal": ",", or "\." where it is of thousands$/,
  ],
  ...(
    [
      ['89484446', 'is HDF5'],
      ['5444536d', 'is TDMS of LabVIEW'],
      ['4152524f5731', 'is Feather of Arrow'],
      ['80049500', 'is pickled by Python'],
      ['934e554d5059', 'is an array of NumPy'],
      ['4f626a01', 'is Avro'],
      ['50415245', 'is Parquet that is encrypted'],
      ['255044462d', 'is a PDF'],
      ['00000000000000004455434b', 'is a database of DuckDB'],
    ] as const
  ).map(([bytes, said]) => [said, Buffer.concat([hex(bytes), Buffer.from('\n')]), new RegExp(said)] as const),
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\n', /git lfs pull brings it/],
];

for (const [habit, bytes, said] of REFUSED)
  test(`an export that shows ${habit} is refused with what would help`, async () => {
    const [fault = '', ...others] = await readTable(bytes);
    assert.deepEqual(others, []);
    assert.match(fault, said);
  });
