import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { readTable } from './read-table.ts';

const names = SENSORS.join(',');
const header = `ts,${names}`;
const cells = '46.1,2.10,1.80,3.2,40.0,1180';
const time = '2024-03-04 06:00:00';
const row = `${time},${cells}`;
const next = `2024-03-04 06:00:01,${cells}`;
const at = (text: string): string => `${header}\n"${text}",${cells}\n`;
const first = (cell: string): string => `${header}\n${row.replace('46.1', cell)}\n`;

const NAMED: readonly (readonly [habit: string, bytes: string | Uint8Array, said: RegExp])[] = [
  ['nothing in it', '', /^press\.csv is empty; its first line must name the columns$/],
  ['nothing but ends of lines', '\n\n\n', /is empty/],
  ['a header alone', header, /has no rows below its header/],
  ['no time in any row', `${header}\nNA,${cells}\n`, /line 2, column ts: "NA" is no time/],
  [
    'a row without a time among others',
    `${header}\n${row}\n,${cells}\n${next}\n`,
    /line 3, column ts: "" is no time/,
  ],
  [
    'a note among its rows',
    `${header}\n${row}\nrestart\n${next}\n`,
    /line 3, column ts: "restart" is no time/,
  ],
  [
    'its last row cut off',
    `${header}\n${row}\n2024-03-04 06:00:01,46.1,2.`,
    /line 3: 3 cells under 7 column names/,
  ],
  [
    'a workbook',
    Buffer.from('504b030414000600', 'hex'),
    /is a workbook of a spreadsheet or an archive: save its sheet as CSV/,
  ],
  ['compressed bytes', Buffer.from('1f8b080000000000', 'hex'), /is compressed: unpack it first/],
  ['messages', '{"t":1709532000,"rVibration_Temp":46.1}\n', /is JSON and not a table: sentinel source check/],
  ['a page to sign in', '<!DOCTYPE html><html></html>\n', /is HTML or XML and not a table/],
  [
    'a sensor that is there twice',
    `${header},rVibration_Temp\n${row},46.1\n`,
    /column rVibration_Temp is named twice/,
  ],
  [
    'dates that could be either',
    at('03/04/2024 06:00:00'),
    /could have its day or its month first \(3 April 2024 or 4 March 2024\): map time as/,
  ],
  ['a short year', at('04.03.24 06:00:00'), /\(4 March 2024 or 3 April 2024\): map time as/],
  ['a zone by letters', at('2024-03-04 07:00:00 CET'), /names a zone that is not the same everywhere/],
  ['a day that never was', at('31.04.2024 06:00:00'), /"31\.04\.2024 06:00:00" is no time/],
  [
    'a decimal comma between commas',
    `${header}\n${time},46,1,2,10,1,80,3,2,40,0,1180\n`,
    /12 cells under 7 column names/,
  ],
  ['too narrow a column', first('######'), /"######" is not a number/],
  [
    'a label of no known word',
    `${header},label\n${row},2\n`,
    /"2" is not 0, 1 or empty; a map says what it means/,
  ],
  [
    'seconds from its beginning',
    `t,${names}\n0,${row.slice(time.length + 1)}\n`,
    /"0" is no time .*; if it counts from the beginning of the recording, map time as epoch-s or epoch-ms$/,
  ],
  ['rows in no order', `${header}\n${next}\n${row}\n`, /the rows of a cylinder must be in the order of time/],
  [
    'machines in a column',
    `${header},Machine ID\n${row},7\n${row},8\n`,
    /column Machine ID: "8" after "7": these look like several machines/,
  ],
];
for (const [habit, bytes, said] of NAMED)
  test(`an export with ${habit} is refused with what is wrong`, async () => {
    assert.match((await readTable(bytes)).join('\n'), said);
  });
