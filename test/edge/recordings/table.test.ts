import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { recordingFile } from '../../../backtest/recordings/open-table.ts';
import { readMapping } from '../../../domain/mapping/mapping.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { openCsvTable } from '../../../edge/recordings/csv-table.ts';
import { fileFault, fileSamples } from '../../../edge/recordings/recording.ts';
import {
  isIntervalHeader,
  labelIntervals,
  readIntervals,
  tableMapOf,
} from '../../../edge/recordings/table.ts';
import type { SourceSample } from '../../../edge/sources/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'maps-'));
after(() => rmSync(folder, { recursive: true }));

/** The samples of a file by a mapping, or what is wrong with it. */
const read = async (name: string, mapping: unknown): Promise<readonly SourceSample[] | string> => {
  const reading = readMapping(mapping);
  assert.ok(reading.ok, JSON.stringify(reading));
  try {
    const file = recordingFile(join(folder, name), tableMapOf(reading.mapping));
    return (await Array.fromAsync(fileSamples(file))).flat();
  } catch (error) {
    return fileFault(name, error);
  }
};

const readText = (text: string, mapping: unknown) => {
  writeFileSync(join(folder, 'press.csv'), text);
  return read('press.csv', mapping);
};

const AT = Date.UTC(2024, 2, 4, 6);
const names = SENSORS.join(',');
const cells = '46.1,2.10,1.80,3.2,40.0,1180';
const VALUES = [46.1, 2.1, 1.8, 3.2, 40, 1180];
const press = { cylinder: 'press', t: AT, values: VALUES, label: null };

const CASES: readonly [habit: string, text: string, mapping: unknown, samples: readonly SourceSample[]][] = [
  [
    'days of a spreadsheet',
    `ts,${names}\n45355.25,${cells}\n`,
    { time: { from: 'ts', as: 'excel' } },
    [press],
  ],
  [
    'the day first',
    `ts,${names}\n04/03/2024 06:00,${cells}\n`,
    { time: { from: 'ts', as: 'day-month-year' } },
    [press],
  ],
  [
    'the month first',
    `ts,${names}\n03/04/2024 6:00:00 AM,${cells}\n`,
    { time: { from: 'ts', as: 'month-day-year' } },
    [press],
  ],
  [
    'local times',
    `ts,${names}\n2024-03-04 15:00:00,${cells}\n`,
    { time: { from: 'ts', zone: 'Asia/Seoul' } },
    [press],
  ],
  [
    'a date and a clock',
    `day;at;${SENSORS.join(';')}\n04.03.2024;06:00:00;${cells.replaceAll(',', ';')}\n`,
    { time: { from: ['day', 'at'] } },
    [press],
  ],
  [
    'units in cells',
    `ts,${names}\n2024-03-04 06:00:00,46.1 °C,2.10 mm/s,1.80 mm/s,3.20 A,40%,1180 rpm\n`,
    {
      sensors: Object.fromEntries(
        SENSORS.map((from, at) => [from, { from, unit: ['°C', 'mm/s', 'mm/s', 'A', '%', 'rpm'][at] }]),
      ),
    },
    [press],
  ],
  [
    'machines in a column, with names of their own, counts with a scale, and sensors that are not there',
    'Timestamp,SensorID,Temp,XVel,ZVel\n1709532000000,Press 1,4610,180,210\n1709532000000,p2,4610,180,32767\n',
    {
      cylinder: { from: 'SensorID', names: { 'Press 1': 'press-1' } },
      sensors: {
        rVibration_Temp: { from: 'Temp', scale: 0.01 },
        rVibration_Z_RMS_Velocity: { from: 'ZVel', scale: 0.01, missing: [32767] },
        rVibration_X_RMS_Velocity: { from: 'XVel', scale: 0.01 },
      },
    },
    [
      { cylinder: 'press-1', t: AT, values: [46.1, 2.1, 1.8, null, null, null], label: null },
      { cylinder: 'p2', t: AT, values: [46.1, null, 1.8, null, null, null], label: null },
    ],
  ],
  [
    'words as labels, and another name for the cylinder',
    `ts,${names},machine_status\n2024-03-04 06:00:00,${cells},NORMAL\n2024-03-04 06:01:00,${cells},BROKEN\n2024-03-04 06:02:00,${cells},RECOVERING\n`,
    {
      cylinder: 'pump-7',
      label: { from: 'machine_status', values: { NORMAL: false, BROKEN: true, RECOVERING: null } },
    },
    [false, true, null].map((label, minute) => ({
      ...press,
      cylinder: 'pump-7',
      t: AT + minute * 60_000,
      label,
    })),
  ],
  [
    'a bad quality, and a value that stands still',
    `ts,${names},ok\n2024-03-04 06:00:00,${cells},1\n2024-03-04 06:00:01,${cells},0\n2024-03-04 06:00:02,${cells},1\n`,
    {
      sensors: {
        rVibration_Temp: { from: 'rVibration_Temp', quality: { from: 'ok', good: [1] } },
        wEncoderVelocity: { from: 'wEncoderVelocity', stuckSeconds: 2 },
      },
    },
    [
      press,
      { ...press, t: AT + 1000, values: [null, ...VALUES.slice(1)] },
      { ...press, t: AT + 2000, values: [...VALUES.slice(0, 5), null] },
    ],
  ],
  [
    'one row a metric, each metric in a part of its own, put together by the period',
    'tag,time,wert\nT,2024-03-04 06:00:00.120,46.1\nT,2024-03-04 06:00:10.120,47\nother,2024-03-04 06:00:00,1\nI,2024-03-04 06:00:00.480,3.2\n',
    {
      long: { metric: 'tag', value: 'wert' },
      periodMs: 10_000,
      sensors: { rVibration_Temp: 'T', wRMSCurrent: 'I' },
    },
    [
      { ...press, values: [46.1, null, null, 3.2, null, null] },
      { ...press, t: AT + 10_000, values: [47, null, null, null, null, null] },
    ],
  ],
];

for (const [habit, text, mapping, samples] of CASES)
  test(`a table with ${habit} is read by a map`, async () => {
    assert.deepEqual(await readText(text, mapping), samples);
  });

test('one row a metric needs no map where metrics bear the names of sensors', async () => {
  const rows = SENSORS.map((sensor, at) => `2024-03-04T06:00:00Z,${sensor},${VALUES[at]}`);
  assert.deepEqual(await readText(`_time,_field,_value\n${rows.join('\n')}\n`, {}), [press]);
});

test('metrics of other names are listed', async () => {
  const said = await readText('time,tag,value\n2024-03-04T06:00:00Z,T,1\n', {});
  assert.match(
    String(said),
    /column tag: none of the sensors is among its metrics; say in a map .* found: T/,
  );
});

test('the hour that comes twice where clocks are put back goes on in order', async () => {
  const clocks = ['01:59:59', '02:00:00', '02:59:59', '02:00:00', '02:59:59', '03:00:00'];
  const rows = clocks.map((clock) => `2024-10-27 ${clock},${cells}`);
  const samples = await readText(`ts,${names}\n${rows.join('\n')}\n`, {
    time: { from: 'ts', zone: 'Europe/Berlin' },
  });
  assert.ok(typeof samples !== 'string', String(samples));
  const began = samples[0]?.t ?? 0;
  assert.deepEqual(
    samples.map(({ t }) => (t - began) / 1000),
    [0, 1, 3600, 3601, 7200, 7201],
  );
});

test('a column that a map names and the table has not is said', async () => {
  const said = await readText(`ts,${names}\n${cells}\n`, { time: { from: 'when' } });
  assert.match(String(said), /line 1: there is no column when; found: ts, rVibration_Temp/);
});

test('several cylinders of a column are told apart, each in its order', async () => {
  const rows = [0, 1].flatMap((second) => ['a', 'b'].map((name) => `170953200${second},${name},${cells}`));
  const samples = await readText(`timestamp,machine,${names}\n${rows.join('\n')}\n`, {
    cylinder: { from: 'machine' },
  });
  assert.ok(typeof samples !== 'string', String(samples));
  assert.deepEqual(
    samples.map(({ cylinder, t }) => [cylinder, t]),
    [0, 1].flatMap((second) => ['a', 'b'].map((name) => [name, AT + second * 1000])),
  );
});

for (const [column, type] of [
  ['ts', 'TIMESTAMP'],
  ['_time', 'TIMESTAMPTZ'],
  ['timestamp', 'TIMESTAMP_NS'],
] as const)
  test(`a Parquet file with times of type ${type} is read as the same table in CSV`, async () => {
    const path = join(folder, `${type}.parquet`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    const columns = SENSORS.map((sensor, at) => `${VALUES[at]}::DOUBLE AS "${sensor}"`).join(', ');
    await connection.run(
      `COPY (SELECT '2024-03-04 06:00:00'::${type} AS "${column}", 'press' AS cylinder, ${columns}, NULL::INT AS label) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    assert.deepEqual(await read(`${type}.parquet`, {}), [press]);
  });

test('intervals in a file of their own label the rows of their cylinder, both ends included', async () => {
  const text = 'Start;End;machine\n04.03.2024 06:00:01;04.03.2024 06:00:02;a\n04.03.2024 06:00:03;;b\n';
  const table = await openCsvTable(Readable.from([text]), { isHeader: isIntervalHeader });
  const isAbnormal = labelIntervals(await readIntervals(table));
  const labels = (cylinder: string) =>
    [0, 1, 2, 3, 4].map((second) => isAbnormal(cylinder, AT + second * 1000));
  assert.deepEqual(labels('a'), [false, true, true, false, false]);
  assert.deepEqual(labels('b'), [false, false, false, true, false]);
});
