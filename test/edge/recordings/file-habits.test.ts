import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recordingFile } from '../../../backtest/recordings/open-table.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { fileFault, fileSamples } from '../../../edge/recordings/recording.ts';
import type { SourceSample } from '../../../edge/sources/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'habits-'));
after(() => rmSync(folder, { recursive: true }));

/** The samples of a file, or what is wrong with it. */
const read = async (bytes: string | Uint8Array): Promise<readonly SourceSample[] | string> => {
  const path = join(folder, 'press.csv');
  writeFileSync(path, bytes);
  try {
    return (await Array.fromAsync(fileSamples(recordingFile(path)))).flat();
  } catch (error) {
    return fileFault('press.csv', error);
  }
};

const names = SENSORS.join(',');
const header = `ts,${names}`;
const AT = Date.UTC(2024, 2, 4, 6);
const VALUES = [46.1, 2.1, 1.8, 3.2, 40, 1180];
const cells = '46.1,2.10,1.80,3.2,40.0,1180';
const row = `2024-03-04 06:00:00,${cells}`;
const german = `Zeit;${SENSORS.join(';')}\r\n04.03.2024 06:00:00;46,1;2,10;1,80;3,2;40,0;1180\r\n`;
const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const withTime = (time: string, name = 'ts'): string => `${name},${names}\n${time},${cells}\n`;

const READ: readonly [habit: string, bytes: string | Uint8Array][] = [
  ['commas and decimal points', `${header}\n${row}\n`],
  ['semicolons, decimal commas, a byte order mark and ends of lines of Windows', `\uFEFF${german}`],
  ['tabs', `${header}\n${row}\n`.replaceAll(',', '\t')],
  ['bars', `${header}\n${row}\n`.replaceAll(',', '|')],
  ['all cells in quotes', `${header}\n${row}\n`.replaceAll(/[^,\n]+/g, '"$&"')],
  [
    'decimal commas in quotes, with points between thousands',
    `${header}\n2024-03-04 06:00:00,"46,1","2,10","1,80","3,2","40,0","1.180,0"\n`,
  ],
  [
    'commas between thousands before a decimal point',
    `${header}\n2024-03-04 06:00:00,46.1,2.1,1.8,3.2,40,"1,180.0"\n`,
  ],
  ['quotes in the header alone', `"ts",${names}\n${row}\n`],
  ['a quote that comes late', `${header}\n${row.replace('1180', '"1180"')}\n`],
  ['UTF-16 with its mark', utf16(`\uFEFF${german}`, false)],
  ['UTF-16 without a mark', utf16(german, false)],
  ['UTF-16 of the other order', utf16(`\uFEFF${german}`, true)],
  [
    'Windows-1252',
    Buffer.from(german.replace('Zeit', 'Zeit;Ölstand').replace('06:00:00', '06:00:00;±1'), 'latin1'),
  ],
  ['ends of lines of an old Macintosh', `${header}\r${row}\r`],
  ['no end of the last line', `${header}\n${row}`],
  ['what a spreadsheet says of its separator', `sep=;\n${german}`],
  ['lines before the header', `Export of 4 March\nTags: 6\n\n${header}\n${row}\n`],
  ['a header that begins as a comment', `# ${header}\n${row}\n`],
  ['comments between rows', `${header}\n# shift 1\n${row}\n`],
  ['rows of empty cells', `${header}\n,,,,,,\n${row}\n\n   \n`],
  ['a separator at the end of rows', `${header}\n${row},\n`],
  ['names in capitals', `${header.toUpperCase()}\n${row}\n`],
  ['a column without a name before all', `,${header}\n0,${row}\n`],
  [
    'the annotations of InfluxDB',
    `#group,false\n#datatype,string,dateTime:RFC3339\n#default,_result\n,_time,${names}\n,2024-03-04T06:00:00Z,${cells}\n`,
  ],
  ['seconds', withTime('1709532000')],
  ['seconds with decimals', withTime('1709532000.000')],
  ['milliseconds', withTime('1709532000000', 'Timestamp')],
  ['microseconds', withTime('1709532000000000')],
  ['nanoseconds', withTime('1709532000000000000')],
  ['milliseconds with an exponent', withTime('1.709532E+12')],
  ['ISO with Z', withTime('2024-03-04T06:00:00Z', 'Time')],
  ['ISO with an offset', withTime('2024-03-04T07:00:00+01:00', 'datetime')],
  ['ISO with an offset of hours', withTime('2024-03-04 07:00:00+01')],
  ['ISO with nine decimals', withTime('2024-03-04T06:00:00.000000000Z')],
  ['slashes, the year first', withTime('2024/03/04 06:00:00')],
  ['AM', withTime('2024-03-04 06:00:00 AM')],
  ['day and month by points', withTime('04.03.2024 06:00:00')],
];

for (const [habit, bytes] of READ)
  test(`a file with ${habit} is read`, async () => {
    assert.deepEqual(await read(bytes), [{ cylinder: 'press', t: AT, values: VALUES, label: null }]);
  });

for (const word of [
  ...[
    '',
    'NA',
    'N/A',
    '#N/A',
    'NaN',
    'nan',
    'null',
    'NULL',
    'None',
    '-',
    '--',
    '?',
    'inf',
    '-inf',
    'Infinity',
  ],
  ...['1.#QNAN', '-1.#IND', '#DIV/0!', '#VALUE!', 'No Data', 'Bad', '\\N'],
])
  test(`${JSON.stringify(word)} is a missing value`, async () => {
    const samples = await read(
      `${header}\n2024-03-04 06:00:00,${word},2.10,1.80,3.2,40.0,1180\n${row.replace(':00,', ':01,')}\n`,
    );
    assert.ok(typeof samples !== 'string', String(samples));
    assert.deepEqual(
      samples.map(({ values }) => values[0]),
      [null, 46.1],
    );
  });

const NAMED: readonly [habit: string, bytes: string | Uint8Array, message: RegExp][] = [
  [
    'a day and a month that could be either',
    withTime('03/04/2024 06:00:00'),
    /line 2, column ts: "03\/04\/2024 06:00:00" could have its day or its month first/,
  ],
  [
    'a day of a spreadsheet',
    withTime('45355.25'),
    /line 2, column ts: "45355.25" is no time .* days of a spreadsheet, map time as excel/,
  ],
  ['a clock that was never set', withTime('12'), /line 2, column ts: "12" is no time of 2015 to 2100/],
  [
    'a unit behind a number',
    `${header}\n${row.replace('46.1', '46.1 °C')}\n`,
    /line 2, column rVibration_Temp: "46.1 °C" is not a number; if that is its unit, say so in a map/,
  ],
  [
    'a comma that could be of thousands',
    `${header}\n${row.replace('1180', '"1,180"')}\n`,
    /line 2, column wEncoderVelocity: "1,180" could be 1180 or 1.180/,
  ],
  [
    'two machines in a column',
    `${header},machine\n${row},a\n${row},b\n`,
    /line 3, column machine: "b" after "a": these look like several machines/,
  ],
  [
    'a name with a blank',
    `${header},cylinder\n${row},Press 1\n`,
    /line 2, column cylinder: "Press 1" is not a name: it has " " \(U\+0020\) as character 6/,
  ],
  ['other columns', 'a,b\n1,2\n', /line 1: missing columns: a time .*; found: a, b/],
];

for (const [habit, bytes, message] of NAMED)
  test(`${habit} is named, not guessed`, async () => {
    const said = await read(bytes);
    assert.ok(typeof said === 'string');
    assert.match(said, message);
  });
