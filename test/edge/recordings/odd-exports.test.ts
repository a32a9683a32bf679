import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { recordingFile } from '../../../backtest/recordings/open-table.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { fileSamples } from '../../../edge/recordings/recording.ts';
import { readTable } from './read-table.ts';

const names = SENSORS.join(',');
const header = `ts,${names}`;
const CELLS = ['46.1', '2.10', '1.80', '3.2', '40.0', '1180'];
const cells = CELLS.join(',');
const time = '2024-03-04 06:00:00';
const row = `${time},${cells}`;
const next = `2024-03-04 06:00:01,${cells}`;
const SIX = '46.1 2.1 1.8 3.2 40 1180';
const ONE = `press ${time} ${SIX}`;
const TWO = [ONE, `press 2024-03-04 06:00:01 ${SIX}`];
const at = (text: string, name = 'ts'): string => `${name},${names}\n"${text}",${cells}\n`;
const first = (cell: string): string => `${header}\n${time},"${cell}",2.1,1.8,3.2,40,1180\n`;
const MISSING_FIRST = ONE.replace('46.1', '-');
/** A table with a row for each metric: its header, and the cells of each row by its metric, value and place. */
const long = (head: string, cellsOf: (metric: string, value: string, index: number) => string): string =>
  `${head}\n${SENSORS.map((sensor, index) => cellsOf(sensor, CELLS[index] ?? '', index)).join('\n')}\n`;
const hex = (bytes: string): Buffer => Buffer.from(bytes, 'hex');
const inBytes = (before: Buffer): Buffer => Buffer.concat([before, Buffer.from(`,${names}\n${row}\n`)]);
const mixed = `${['Z', 'X'].map((axis) => `"a ${axis}"`).join(',')}\n`;

const READ: readonly (readonly [
  habit: string,
  bytes: string | Uint8Array,
  samples: readonly string[],
  map?: unknown,
])[] = [
  ['an index of times without a name', `,${names}\n${row}\n${next}\n`, TWO],
  ['an index of times as pandas reads it again', `Unnamed: 0,${names}\n${row}\n${next}\n`, TWO],
  ['blanks between cells', `${header}\n1709532000,${cells}\n`.replaceAll(',', ' '), [ONE]],
  ['many blanks between cells', `  ${header}\n  1709532000,${cells}  \n`.replaceAll(',', '   '), [ONE]],
  ['the form of write.table of R', `"ts",${names}\n1,"${time}",${cells}\n`.replaceAll(',', ' '), [ONE]],
  ['row numbers that R names no column for', `${header}\n1,${row}\n2,${next}\n`, TWO],
  [
    'blanks, and a comment that names the columns',
    `# ${header}\n1709532000,${cells}\n`.replaceAll(',', ' '),
    [ONE],
  ],
  ['names on two lines', `ts,"rVibration\nTemp",${SENSORS.slice(1).join(',')}\n${row}\n`, [ONE]],
  [
    'units on a second line of the names',
    `ts,${SENSORS.map((sensor, index) => `"${sensor}\r\n[${['°C', 'mm/s', 'mm/s', 'A', '%', 'rpm'][index]}]"`).join(',')}\r\n${row}\r\n`,
    [ONE],
  ],
  ['an inch sign before the header', `Pipe 3" x\n${mixed}${header}\n${row}\n`, [ONE]],
  ['two hundred lines before the header', `${'note a b\n'.repeat(200)}${header}\n${row}\n`, [ONE]],
  [
    'cells that a spreadsheet must not take for numbers',
    `${header}\n="${time}",${CELLS.map((cell) => `="${cell}"`).join(',')}\n`,
    [ONE],
  ],
  ['a row of NUL, where a logger lost its power', `${header}\n${row}\n${'\0'.repeat(60)}\n${next}\n`, TWO],
  ['a row of NUL among quotes', `${header}\n"${time}",${cells}\n${'\0'.repeat(60)}\n${next}\n`, TWO],
  ['the encoding of Korea', inBytes(hex('c0cfbdc3')), [ONE]],
  ['the encoding of Japan', inBytes(hex('93fa8e9e')), [ONE]],
  ['the encoding of China', inBytes(hex('cab1bce4')), [ONE], { time: '时间' }],
  ['an umlaut of Windows-1252', Buffer.from(`${header},Öl\n${row},1\n`, 'latin1'), [ONE]],
  ['digits of full width', first('４６．１'), [ONE]],
  ['narrow blanks between thousands', `${header}\n${row.replace('1180', '1\u2009180')}\n`, [ONE]],
  ['apostrophes of typography between thousands', `${header}\n${row.replace('1180', '1’180')}\n`, [ONE]],
  [
    'commas between thousands by a map',
    `${header}\n${row.replace('1180', '"1,180"')}\n`,
    [ONE],
    { decimal: '.' },
  ],
  ['bars by a map', `${header}\n${row}\n`.replaceAll(',', '|'), [ONE], { separator: '|' }],
  ...[
    'Calc Failed',
    'Configure',
    'Scan Off',
    'Under Range',
    'Not Connect',
    'Arc Off-line',
    '[-11059] No Good Data For Calculation',
  ].map((word) => [`${word} for what is missing`, first(word), [MISSING_FIRST]] as const),
  ['an average at its end', `${header}\n${row}\n${next}\nAverage,${cells}\n`, TWO],
  ['least and most at its end', `${header}\n${row}\n${next}\nMin,${cells}\nMax,${cells}\n`, TWO],
  ['a row of channels below the header', `${header}\nCh,1,2,3,4,5,6\n${row}\n${next}\n`, TWO],
  ['t_stamp of Ignition', at(time, 't_stamp'), [ONE]],
  [
    'the form of data sets of Ignition',
    `"#NAMES"\n"t_stamp",${names}\n"#TYPES"\n"date",D,D,D,D,D,I\n"#ROWS","1"\n"${time}",${cells}\n`,
    [ONE],
  ],
  ['the time of a recording of ROS', at('1709532000000000000', '%time'), [ONE]],
  ['seconds and ns in two columns', `sec,nanosec,${names}\n1709532000,0,${cells}\n`, [ONE]],
  [
    'a date, a clock and ms',
    `Date,Time,Millisecond,${names}\n2024-03-04,06:00:00,0,${cells}\n2024-03-04,06:00:00,50,${cells}\n`,
    [ONE, `press 2024-03-04 06:00:00.050Z ${SIX}`],
  ],
  [
    'a column for each part of a time',
    `year,month,day,hour,minute,second,${names}\n2024,3,4,6,0,0.0,${cells}\n2024,3,4,6,0,1.0,${cells}\n`,
    TWO,
  ],
  [
    'a date and a clock without their marks',
    `date,time,${names}\n20240304,60000,${cells}\n20240304,060001,${cells}\n`,
    TWO,
  ],
  ['a name and a clock of Germany', at('04. März 2024 06:00:00 Uhr', 'Zeit'), [ONE]],
  [
    'seconds behind a number, by a map',
    at('1709532000 sec', 'Time'),
    [ONE],
    { time: { from: 'Time', as: 'epoch-s' } },
  ],
  [
    'hours, minutes and seconds from its beginning, by a map',
    at('01:00:01.5', 'Time'),
    [`press 1970-01-01 01:00:01.500Z ${SIX}`],
    { time: { from: 'Time', as: 'epoch-s' } },
  ],
  ['days of MATLAB by a map', at('739315.25'), [ONE], { time: { from: 'ts', as: 'matlab' } }],
  ['seconds of LabVIEW by a map', at('3792376800'), [ONE], { time: { from: 'ts', as: 'labview' } }],
  [
    'the form of LabVIEW by a map',
    `LabVIEW Measurement\nSeparator\tTab\nDate\t2024/03/04\n***End_of_Header***\n\nX_Value,${names},Comment\n0.000000,${cells}\n`.replaceAll(
      ',',
      '\t',
    ),
    [`press 1970-01-01 00:00:00 ${SIX}`],
    { time: { from: 'X_Value', as: 'epoch-s' } },
  ],
  [
    'tags of WinCC',
    `${long('"VarName";"TimeString";"VarValue";"Validity"', (metric, value, index) => `"${metric}";"04.03.2024 06:00:00";${value.replace('.', ',')};${index === 0 ? 0 : 1}`)}"$RT_OFF$";"04.03.2024 06:00:10";0;2\n`,
    [MISSING_FIRST],
  ],
  [
    'an export of AWS IoT SiteWise',
    long(
      'ALIAS,TIMESTAMP_SECONDS,TIMESTAMP_NANO_OFFSET,QUALITY,VALUE',
      (metric, value, index) => `${metric},1709532000,0,${index === 0 ? 'UNCERTAIN' : 'GOOD'},${value}`,
    ),
    [MISSING_FIRST],
  ],
  [
    'the log of Kepware, with codes of OPC DA',
    long(
      '_NAME,_NUMERICID,_VALUE,_TIMESTAMP,_QUALITY',
      (metric, value, index) => `${metric},0,${value},${time}.000,${index === 0 ? 24 : 192}`,
    ),
    [MISSING_FIRST],
  ],
  [
    'codes of quality that are good by 0',
    long('tag,value,time,quality', (metric, value) => `${metric},${value},${time},0`),
    [ONE],
  ],
  [
    'a quality of whole rows',
    `${header},quality\n${row},Good\n${next},Bad\n`,
    [ONE, 'press 2024-03-04 06:00:01 - - - - - -'],
  ],
  [
    'several cylinders beside each other',
    `ts,${['P1', 'P2'].map((press) => SENSORS.map((sensor) => `${press}.${sensor}`)).join(',')}\n${row},${cells.replace('46.1', '47')}\n`,
    [`p-1 ${time} ${SIX}`, `p-2 ${time} ${SIX.replace('46.1', '47')}`],
    {
      devices: ['1', '2'].map((number) => ({ cylinder: `p-${number}`, at: `P${number}` })),
      sensors: Object.fromEntries(SENSORS.map((sensor) => [sensor, `{at}.${sensor}`])),
    },
  ],
  [
    'several cylinders beside each other, one that stands still and one that counts',
    `ts,T1,T2\n${time},40,40\n2024-03-04 06:00:01,40,41\n`,
    [
      `a ${time} 40 - - - - -`,
      `b ${time} 40 - - - - -`,
      'a 2024-03-04 06:00:01 - - - - - -',
      'b 2024-03-04 06:00:01 41 - - - - -',
    ],
    {
      devices: [
        { cylinder: 'a', at: '1' },
        { cylinder: 'b', at: '2' },
      ],
      sensors: { rVibration_Temp: { from: 'T{at}', stuckSeconds: 1 } },
    },
  ],
  [
    'several cylinders in the names of metrics',
    `tag,time,value\nA/T,${time},40\nB/T,${time},41\nA/I,${time},3\nB/I,${time},4\n`,
    [`a ${time} 40 - - 3 - -`, `b ${time} 41 - - 4 - -`],
    {
      devices: [
        { cylinder: 'a', at: 'A' },
        { cylinder: 'b', at: 'B' },
      ],
      sensors: { rVibration_Temp: '{at}/T', wRMSCurrent: '{at}/I' },
    },
  ],
];

for (const [habit, bytes, samples, map] of READ)
  test(`an export with ${habit} is read`, async () => assert.deepEqual(await readTable(bytes, map), samples));

for (const [name, pack] of [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const)
  test(`an export that ${name} has packed is read, and one that is cut off is refused`, async () => {
    const packed = pack(`${header}\n${`${row}\n`.repeat(5000)}`);
    assert.equal((await readTable(packed)).length, 5000);
    const cut = await readTable(packed.subarray(0, packed.length - 20));
    assert.match(String(cut), /^press\.csv is compressed: unpack it first, which fails here: /);
  });

test('the cylinder of a packed file is named as that of the file in it', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'packed-')), 'press-7.csv.gz');
  writeFileSync(path, gzipSync(`${header}\n${row}\n`));
  const [sample] = (await Array.fromAsync(fileSamples(recordingFile(path)))).flat();
  rmSync(dirname(path), { recursive: true });
  assert.equal(sample?.cylinder, 'press-7');
});
