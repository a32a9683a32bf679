import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { findColumns, isHeader } from '../../../edge/recordings/columns.ts';
import { openCsvTable } from '../../../edge/recordings/csv-table.ts';
import { sensorReader } from '../../../edge/recordings/sensor-reader.ts';
import { TableError } from '../../../edge/recordings/table.ts';

const header = SENSORS.join(',');

type Row = Readonly<{ ok: true; values: readonly (number | null)[] } | { ok: false; message: string }>;

/** The sensors of all rows, and at the end what is wrong with the table. */
const rowsOf = async (text: string): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  try {
    const table = await openCsvTable(Readable.from([text], { objectMode: false }), { isHeader: isHeader() });
    const valuesOf = sensorReader(table, findColumns(table.header, { needsTime: false }));
    for await (const block of table.blocks)
      for (let row = 0; row < block.count; row++) rows.push({ ok: true, values: valuesOf(block, row) });
  } catch (error) {
    assert.ok(error instanceof TableError);
    rows.push({ ok: false, message: error.message });
  }
  return rows;
};

test('columns are found by name, in any order, beside others', async () => {
  const names = [...SENSORS].reverse().join(',');
  const [row] = await rowsOf(`id,${names},note\n7,6,5,4,3,2,1,x\n`);
  assert.deepEqual(row?.ok && row.values, [1, 2, 3, 4, 5, 6]);
});

test('an empty cell and nan are missing values', async () => {
  const [row] = await rowsOf(`${header}\n1,,nan,NaN, ,6\n`);
  assert.deepEqual(row?.ok && row.values, [1, null, null, null, null, 6]);
});

for (const [what, table, values] of [
  ['semicolons', '1;2;3;4;5;6', [1, 2, 3, 4, 5, 6]],
  ['semicolons and decimal commas', '46,1;2,10;1,80;3,2;40,0;1.180,5', [46.1, 2.1, 1.8, 3.2, 40, 1180.5]],
  ['tabs and an empty cell', '1\t\t3.5\t4\t5\t6', [1, null, 3.5, 4, 5, 6]],
  [
    'commas and quoted decimal commas',
    '"46,1","2,10","1,80","3,2","40,0","1.180,0"',
    [46.1, 2.1, 1.8, 3.2, 40, 1180],
  ],
  [
    'three decimals beside plain ones',
    '79,337;0,830;1,252;-1,3;38;384',
    [79.337, 0.83, 1.252, -1.3, 38, 384],
  ],
  ['words for missing', 'NA,null,None,-,n/a,?', [null, null, null, null, null, null]],
] as const)
  test(`${what} are recognised`, async () => {
    const separator = /[;\t]/.exec(table)?.[0] ?? ',';
    const [row] = await rowsOf(`\uFEFF${SENSORS.join(separator)}\n${table}\n`);
    assert.deepEqual(row?.ok && row.values, values);
  });

test('a comma that may stand before thousands or decimals is named, not guessed', async () => {
  const [row] = await rowsOf(`${SENSORS.join(';')}\n1,180;2;3;4;5;6\n`);
  assert.match(
    row && !row.ok ? row.message : '',
    /line 2, column rVibration_Temp: "1,180" could be 1180 or 1.180/,
  );
});

test('infinite values measure nothing, and are missing', async () => {
  const [row] = await rowsOf(`${header}\ninf,-inf,+Inf,-Infinity,1e39,6\n`);
  assert.deepEqual(row?.ok && row.values, [null, null, null, null, 1e39, 6]);
});

test('a byte order mark, quotes, CRLF and blank lines do no harm', async () => {
  const rows = await rowsOf(`\uFEFF${header}\r\n"1",2,3,4,5,6\r\n\r\n7,8,9,1e1,-1.5,.5\r\n`);
  assert.deepEqual(
    rows.map((row) => row.ok && row.values),
    [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, -1.5, 0.5],
    ],
  );
});

for (const [what, text, expected] of [
  ['an empty table', '', /empty; its first line must name/],
  [
    'a missing column',
    'rVibration_Temp,wRMSCurrent\n',
    /line 1: missing columns: rVibration_Z_RMS_Velocity, rVibration_X/,
  ],
  ['a column named twice', `${header},wRMSCurrent\n`, /line 1: column wRMSCurrent is named twice/],
  ['a word', `${header}\n1,2,3,4,5,6\n1,2,3,four,5,6\n`, /line 3, column wRMSCurrent: "four" is not/],
  ['hexadecimal', `${header}\n0x10,2,3,4,5,6\n`, /line 2, column rVibration_Temp: "0x10" is not/],
  ['a short row', `${header}\n1,2,3\n`, /line 2/],
  ['a quote that never closes', `${header}\n"1,2,3,4,5,6\n`, /line 2/],
] as const)
  test(`${what} ends the rows with one line that says where`, async () => {
    const last = (await rowsOf(text)).at(-1);
    assert.ok(last && !last.ok);
    assert.match(last.message, expected);
    assert.doesNotMatch(last.message, /\n/);
  });
