import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { isHeader } from '../../../edge/recordings/columns.ts';
import { openCsvTable } from '../../../edge/recordings/csv-table.ts';
import { type LabelColumns, labelledRows } from '../../../edge/training/labelled-rows.ts';

const usual = { label: null, time: null };
const read = async (header: string, lines: readonly string[], columns: LabelColumns = usual) => {
  const text = [`${SENSORS.join(',')},${header}`, ...lines, ''].join('\n');
  return labelledRows(await openCsvTable(Readable.from([text]), { isHeader: isHeader() }), columns);
};

for (const [said, label] of [
  ['0', 0],
  ['1', 1],
  ['0.0', 0],
  ['1.0', 1],
  ['true', 1],
  ['False', 0],
] as const)
  test(`the label ${said} means ${label}`, async () => {
    const result = await read('label', [`1,2,3,4,5,6,${said}`]);
    assert.ok(result.ok);
    assert.deepEqual(
      result.rows.map(({ values, label: is, t, cylinder }) => ({ values, is, t, cylinder })),
      [{ values: [1, 2, 3, 4, 5, 6], is: label, t: Number.NaN, cylinder: undefined }],
    );
    assert.deepEqual([result.remarks, result.spacings], [[], new Map()]);
  });

test('the label is found in a column label or anomaly, or in the one that is named', async () => {
  for (const [header, columns] of [
    ['label', usual],
    ['anomaly', usual],
    ['state', { label: 'state', time: null }],
  ] as const)
    assert.ok((await read(header, ['1,2,3,4,5,6,1'], columns)).ok, header);
});

test('rows are put in order of time where a column tells it', async () => {
  const columns = { label: null, time: 'ts' };
  const lines = ['2,0,0,0,0,0,1,2026-01-02T00:00:00Z', '1,0,0,0,0,0,0,2026-01-01T00:00:00Z'];
  const result = await read('label,ts', lines, columns);
  assert.deepEqual(result.ok && result.rows.map(({ values }) => values[0]), [1, 2]);
});

for (const [what, header, line, columns, expected] of [
  ['no label', 'note', '1,2,3,4,5,6,1', usual, /no column label or anomaly; name it with --label/],
  ['a missing label column', 'note', '1,2,3,4,5,6,1', { label: 'state', time: null }, /no column state/],
  ['a strange label', 'label', '1,2,3,4,5,6,maybe', usual, /line 2, column label: "maybe" is not 0, 1/],
  [
    'a strange time',
    'label,ts',
    '1,2,3,4,5,6,1,noon',
    { label: null, time: 'ts' },
    /column ts: "noon" is no time/,
  ],
  ['a strange value', 'label', 'x,2,3,4,5,6,1', usual, /column rVibration_Temp: "x" is not a number/],
] as const)
  test(`${what} is told with its line`, async () => {
    const result = await read(header, [line], columns);
    assert.match(result.ok ? '' : result.message, expected);
  });

test('infinite cells and words for missing are missing, and named with line and column', async () => {
  const result = await read('label', ['1,2,3,4,5,6,1', 'inf,2,nan,4,,6,1', '-inf,2,3,4,5,6,0']);
  assert.ok(result.ok);
  assert.deepEqual(result.rows[1]?.values, [null, 2, null, 4, null, 6]);
  assert.deepEqual(result.remarks, [
    'line 3: column rVibration_Temp holds "inf", which is taken as missing (2 such cells)',
    'line 3: column rVibration_X_RMS_Velocity holds "nan", which is taken as missing (1 such cell)',
  ]);
});

test('a row without a label is left out, and counted', async () => {
  const result = await read('label', ['1,2,3,4,5,6,', '1,2,3,4,5,6,1']);
  assert.ok(result.ok);
  assert.equal(result.rows.length, 1);
  assert.deepEqual(result.remarks, ['1 rows have no label and are left out']);
});
