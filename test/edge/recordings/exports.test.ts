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
const german = `Zeit;${SENSORS.join(';')}\r\n04.03.2024 06:00:00;46,1;2,10;1,80;3,2;40,0;1180\r\n`;
const SIX = '46.1 2.1 1.8 3.2 40 1180';
const ONE = `press ${time} ${SIX}`;
const TWO = [ONE, `press 2024-03-04 06:00:01 ${SIX}`];
const at = (text: string, name = 'ts'): string => `${name},${names}\n"${text}",${cells}\n`;
const first = (cell: string): string => `${header}\n${row.replace('46.1', cell)}\n`;
const columns = (of: (sensor: string, index: number) => string): string =>
  `ts,${SENSORS.map(of).join(',')}\n${row}\n`;
const units = ['°C', 'mm/s', 'mm/s', 'A', '%', 'rpm'];
const long = (metric: string, rest = ''): string =>
  `time,${metric},value\n${SENSORS.map((sensor, index) => `${time},${sensor},${cells.split(',')[index]}${rest}`).join('\n')}\n`;

/** Whole files, all of which say one sample. */
const ONE_SAMPLE: readonly (readonly [habit: string, bytes: string | Uint8Array])[] = [
  ['units behind names, in brackets', columns((sensor, index) => `${sensor} [${units[index]}]`)],
  ['units behind names, in parentheses', columns((sensor, index) => `${sensor} (${units[index]})`)],
  ['names with blanks for underscores', columns((sensor) => sensor.replaceAll('_', ' '))],
  ['blanks around names and cells', `${header.replaceAll(',', ' , ')}\n${row.replaceAll(',', ' , ')}\n`],
  ['a row of units', `${header}\n,°C,mm/s,mm/s,A,%,rpm\n${row}\n`],
  ['a row of units in brackets', `${header}\n[-],[°C],[mm/s],[mm/s],[A],[%],[rpm]\n${row}\n`],
  ['a row of dashes', `${header}\n--,--,--,--,--,--,--\n${row}\n`],
  ['a sum at its end', `${header}\n${row}\nTotal,1,,,,,\n`],
  ['a note at its end', `${header}\n${row}\n\n-- end of export (1 rows) --\n`],
  ['a count at its end', `${header}\n${row}\n\n(1 row affected)\n`],
  [
    'the form of psql',
    ` ts | ${SENSORS.join(' | ')} \n----+----+---\n ${row.replaceAll(',', ' | ')}\n(1 row)\n`,
  ],
  [
    'the form of Markdown',
    `| ${header.replaceAll(',', ' | ')} |\n${'|---'.repeat(7)}|\n| ${row.replaceAll(',', ' | ')} |\n`,
  ],
  [
    'notes with commas before the header',
    `Report,Line 3\nFrom,2024-03-04,To,2024-03-05\n\n${header}\n${row}\n`,
  ],
  ['forty comments before the header', `${'# x: y\n'.repeat(40)}${header}\n${row}\n`],
  ['zeros up to its end', `${header}\n${row}\n${'\0'.repeat(512)}`],
  ['the end of a file of DOS', `${header}\n${row}\n\x1A`],
  [
    'a degree sign of Windows-1252',
    Buffer.from(`${header.replace('rVibration_Temp', 'rVibration_Temp [°C]')}\n${row}\n`, 'latin1'),
  ],
  ['two byte order marks', `\uFEFF\uFEFF${header}\n${row}\n`],
  ['two carriage returns', `${header}\r\r\n${row}\r\r\n`],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(`${header},note\n${row},`), Buffer.from([0xff, 0x41, 10])]),
  ],
  ['a separator at the end of all lines', `${header},\n${row},\n`],
  ['another column that is there twice', `${header},x,x\n${row},1,2\n`],
  ['a quote within quotes', `${header},note\n${row},"he said ""x"""\n`],
  ['an inch sign', `${header},note\n${row},3" pipe\n`],
  ['semicolons and decimal points', `${header}\n${row}\n`.replaceAll(',', ';')],
  ['a separator that it names in quotes', `"sep=;"\n${german}`],
  ['a tab that it names', `sep=\t\n${header}\n${row}\n`.replaceAll(',', '\t')],
  ['blanks between thousands', german.replace('1180', '1 180')],
  ['apostrophes between thousands', german.replace('1180', "1'180")],
  ['points between thousands', german.replace('1180', '1.180')],
  ['an exponent with a comma', german.replace('46,1', '4,61E+01')],
  ['no seconds', at('2024-03-04 06:00')],
  ['the short form of ISO 8601', at('20240304T060000Z')],
  ['digits alone', at('20240304060000')],
  ['numbers of one digit', at('2024/3/4 6:00:00')],
  ['a month by its name', at('04-Mar-2024 06:00:00')],
  ['a month by its name and a short year', at('04-Mar-24 06:00:00.000')],
  ['a month before its day', at('Mar 4, 2024 06:00:00')],
  ['a long month', at('4 March 2024 06:00:00')],
  ['the form of e-mail', at('Mon, 04 Mar 2024 07:00:00 +0100')],
  ['the form of C', at('Mon Mar  4 06:00:00 2024')],
  ['a zone behind its offset', at('2024-03-04T07:00:00+01:00[Europe/Berlin]')],
  ['a.m.', at('2024-03-04 6:00:00 a.m.')],
  ['the morning in Korean', at('2024-03-04 오전 6:00:00')],
  ['dates of Korea', at('2024. 3. 4. 오전 6:00:00', '일시')],
  ['dates of Japan', at('2024年3月4日 06:00:00', '日時')],
  ['a decimal comma behind seconds', at('2024-03-04 06:00:00,000')],
  [
    'a date and a clock apart in German',
    `Datum;Uhrzeit;${SENSORS.join(';')}\n04.03.2024;06:00:00;46,1;2,10;1,80;3,2;40,0;1180\n`,
  ],
  ...[
    'created_at',
    'event_time',
    'timestamp_ms',
    'time_utc',
    'unix',
    '@timestamp',
    '시간',
    'Timestamp (UTC)',
  ].map((name) => [`a time that is called ${name}`, at('1709532000000', name)] as const),
  ['a row a metric', long('tag')],
];
for (const [habit, bytes] of ONE_SAMPLE)
  test(`an export with ${habit} is read`, async () => assert.deepEqual(await readTable(bytes), [ONE]));

const berlin = { time: { from: 'ts', zone: 'Europe/Berlin' } };
const READ: readonly (readonly [habit: string, bytes: string, mapping: unknown, ...read: string[]])[] = [
  [
    'units that are not the sensors’ own',
    `ts,rVibration_Temp [°F],rVibration_Z_RMS_Velocity [in/s],${SENSORS.slice(2).join(',')}\n${row}\n`,
    {},
    `press ${time} 7.83333333333 53.34 1.8 3.2 40 1180`,
  ],
  [
    'a 13th of a month in another row, the month first',
    `${header}\n03/04/2024 06:00:00,${cells}\n03/13/2024 06:00:00,${cells}\n`,
    {},
    ONE,
    `press 2024-03-13 06:00:00 ${SIX}`,
  ],
  [
    'a 13th of a month in another row, the day first',
    `${header}\n04/03/2024 06:00:00,${cells}\n13/03/2024 06:00:00,${cells}\n`,
    {},
    ONE,
    `press 2024-03-13 06:00:00 ${SIX}`,
  ],
  [
    'a new year that tells the order',
    `${header}\n12-31-2023 06:00:00,${cells}\n01-02-2024 06:00:00,${cells}\n`,
    {},
    `press 2023-12-31 06:00:00 ${SIX}`,
    `press 2024-01-02 06:00:00 ${SIX}`,
  ],
  [
    'a short year in the order of a map',
    at('04.03.24 06:00:00'),
    { time: { from: 'ts', as: 'day-month-year' } },
    ONE,
  ],
  [
    'days of a spreadsheet with a decimal comma',
    german.replace('04.03.2024 06:00:00', '45355,25'),
    { time: { from: 'Zeit', as: 'excel' } },
    ONE,
  ],
  [
    'the hour that comes twice',
    `${header}\n2024-10-27 02:59:59,${cells}\n2024-10-27 02:00:00,${cells}\n`,
    berlin,
    `press 2024-10-27 00:59:59 ${SIX}`,
    `press 2024-10-27 01:00:00 ${SIX}`,
  ],
  ['an end of a line within quotes', `${header},note\n${row},"one\ntwo"\n${next},x\n`, {}, ...TWO],
  ['a header that comes again', `${header}\n${row}\n${header}\n${next}\n`, {}, ...TWO],
  ['ends of lines of two kinds', `${header}\r\n${row}\n${next}\r\n`, {}, ...TWO],
  [
    'names of machines by a map',
    `${header},machine\n${row},7\n${row},8\n`,
    { cylinder: { from: 'machine', names: { 7: 'p-7', 8: 'p-8' } } },
    ONE.replace('press', 'p-7'),
    ONE.replace('press', 'p-8'),
  ],
  ['labels in words', `${header},label\n${row},Normal\n${row},yes\n`, {}, `${ONE} false`, `${ONE} true`],
  [
    'labels by a map',
    `${header},status\n${row},OK\n${row},NOK\n`,
    { label: { from: 'status', values: { OK: false, NOK: true } } },
    `${ONE} false`,
    `${ONE} true`,
  ],
  [
    'what a historian calls bad',
    `time,tag,value,quality\n${time},rVibration_Temp,46.1,Good\n2024-03-04 06:00:01,rVibration_Temp,99,Bad Input\n`,
    {},
    `press ${time} 46.1 - - - - -`,
    'press 2024-03-04 06:00:01 - - - - - -',
  ],
  [
    'its newest row first',
    `${header}\n2024-03-04 06:00:02,${cells}\n${next}\n${row}\n`,
    {},
    ...TWO,
    `press 2024-03-04 06:00:02 ${SIX}`,
  ],
  [
    'its newest row first, and a value that stands still from the oldest on',
    `${header}\n2024-03-04 06:00:03,${cells}\n2024-03-04 06:00:02,${cells}\n${next}\n${row}\n`,
    { sensors: { rVibration_Temp: { from: 'rVibration_Temp', stuckSeconds: 3 } } },
    ...TWO,
    `press 2024-03-04 06:00:02 ${SIX}`,
    `press 2024-03-04 06:00:03 ${SIX.replace('46.1', '-')}`,
  ],
  [
    'three decimals behind each comma, of which one has four digits before it',
    `Zeit;${SENSORS.join(';')}\n04.03.2024 06:00:00;46,100;2,100;1,800;3,200;40,000;1180,000\n`,
    {},
    ONE,
  ],
  ['a minus sign of typography', first('\u221246.1'), {}, ONE.replace('46.1', '-46.1')],
  ['a blank without a width', first('46.1\u200B'), {}, ONE],
  ...['n.a.', 'n.v.', 'k.A.', '<null>', '(null)', 'undefined', 'Comm Fail', 'Error', 'nan(snan)', '.'].map(
    (word) => [`${word} for what is missing`, first(word), {}, ONE.replace('46.1', '-')] as const,
  ),
];
for (const [habit, bytes, mapping, ...read] of READ)
  test(`an export with ${habit} is read`, async () =>
    assert.deepEqual(await readTable(bytes, mapping), read));
