import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { guessTableMap } from '../../cli/source/check-table.ts';
import { SENSORS } from '../../domain/message/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'guess-'));
after(() => rmSync(folder, { recursive: true }));

const guess = async (text: string) => {
  const path = join(folder, 'press.csv');
  writeFileSync(path, text);
  const { map, doubts, check } = await guessTableMap(path);
  return { map, doubts: doubts.join('\n'), understood: check.fault ?? check.lines.join('\n') };
};

const names = SENSORS.join(',');
const cells = '46.1,2.10,1.80,3.2,40.0,1180';
const METRICS = ['Temperature', 'Vib_Z_RMS', 'Vib_X_RMS', 'Current', 'Load', 'Speed'];
const seconds = [0, 1, 2, 3];
const timeOf = (second: number, decimals = ''): string => `2024-03-04 06:00:0${second}${decimals}`;
/** Each metric in a part of its own, as historians export them. */
const parts = (tags: readonly string[], decimalsOf: (index: number) => string = () => ''): string =>
  `tag,time,value\n${tags.flatMap((tag, index) => seconds.map((second) => `${tag},${timeOf(second, decimalsOf(index))},${index * 10}`)).join('\n')}\n`;
const sensorsOf = (nameOf: (metric: string) => string) =>
  Object.fromEntries(SENSORS.map((sensor, index) => [sensor, nameOf(METRICS[index] ?? '')]));

test('of a table with a row for each metric its metrics are guessed, and no column is missed', async () => {
  const { map, doubts, understood } = await guess(parts([...METRICS, 'Status']));
  assert.deepEqual(map, {
    time: 'time',
    long: { metric: 'tag', value: 'value' },
    sensors: sensorsOf((metric) => metric),
  });
  assert.doesNotMatch(doubts, /no (column|metric) is called like it/);
  assert.match(doubts, /not used: Status/);
  assert.match(understood, /4 samples of 1 cylinder: press/);
});

test('a sensor that no metric is called like is said to be missed among the metrics', async () => {
  const { doubts } = await guess(parts(METRICS.slice(0, 4)));
  assert.match(doubts, /sensors\.wCurrentLoad: no metric is called like it/);
});

test('metrics far down in a table are found', async () => {
  const many = Array.from({ length: 1500 }, (_, second) => `Temperature,${1_709_532_000 + second},40`);
  const { map } = await guess(`tag,time,value\n${many.join('\n')}\nCurrent,1709532000,3\n`);
  assert.deepEqual(map.sensors, { rVibration_Temp: 'Temperature', wRMSCurrent: 'Current' });
});

test('metrics with times of their own are put together by the period that each has', async () => {
  const { map, doubts, understood } = await guess(parts(METRICS, (index) => `.${index}20`));
  assert.equal(map.periodMs, 1000);
  assert.match(
    doubts,
    /periodMs: metrics have times of their own; those within 1000 ms are taken for one sample/,
  );
  assert.match(understood, /4 samples of 1 cylinder/);
});

for (const [where, nameOf] of [
  ['before', (press: string, metric: string) => `${press}/${metric}`],
  ['behind', (press: string, metric: string) => `${metric}_${press}`],
] as const)
  test(`cylinders ${where} the names of metrics or columns are guessed to be devices`, async () => {
    const presses = ['P1', 'P2'];
    const tags = presses.flatMap((press) => METRICS.map((metric) => nameOf(press, metric)));
    const wide = `ts,${tags.join(',')}\n${seconds.map((second) => `${timeOf(second)},${tags.map((_, index) => index)}`).join('\n')}\n`;
    for (const text of [parts(tags), wide]) {
      const { map, understood } = await guess(text);
      assert.deepEqual(map.devices, [
        { cylinder: 'P1', at: 'P1' },
        { cylinder: 'P2', at: 'P2' },
      ]);
      assert.deepEqual(
        map.sensors,
        sensorsOf((metric) => nameOf('{at}', metric)),
      );
      assert.match(understood, /8 samples of 2 cylinders: P1, P2/);
    }
  });

test('two temperatures of one machine are no two cylinders', async () => {
  const { map } = await guess(
    `ts,Temp_oil,Temp_bearing,Current\n${timeOf(0)},40,41,3\n${timeOf(1)},40,41,3\n`,
  );
  assert.equal(map.devices, undefined);
  assert.deepEqual(map.sensors, { rVibration_Temp: 'Temp_oil', wRMSCurrent: 'Current' });
});

test('what measures a machine does not name it', async () => {
  const { map } = await guess(`ts,${SENSORS.map((sensor) => `Press1.${sensor}`)}\n${timeOf(0)},${cells}\n`);
  assert.equal(map.cylinder, undefined);
  assert.deepEqual(map.sensors, Object.fromEntries(SENSORS.map((sensor) => [sensor, `Press1.${sensor}`])));
});

test('machines whose names are none are given names', async () => {
  const { map, understood } = await guess(
    `ts,${names},machine\n${timeOf(0)},${cells},Press 1\n${timeOf(1)},${cells},2.0\n`,
  );
  assert.deepEqual(map.cylinder, { from: 'machine', names: { 'Press 1': 'Press-1', '2.0': '2' } });
  assert.match(understood, /2 samples of 2 cylinders: Press-1, 2/);
});

test('of 1 and -1 it is -1 that is abnormal', async () => {
  const { map, doubts } = await guess(
    `ts,${names},label\n${timeOf(0)},${cells},1\n${timeOf(1)},${cells},-1\n`,
  );
  assert.deepEqual(map.label, { from: 'label', values: { 1: false, '-1': true } });
  assert.match(doubts, /label: -1 of label is taken for abnormal/);
});

test('a comma beside numbers with a point is guessed to be of thousands', async () => {
  const { map, understood } = await guess(`ts,${names}\n${timeOf(0)},${cells.replace('1180', '"1,180"')}\n`);
  assert.equal(map.decimal, '.');
  assert.match(understood, /wEncoderVelocity +1180 … 1180 RPM/);
});

test('a day as a number and what stands still are no seconds from a beginning', async () => {
  const { map, doubts } = await guess(`date,t,${names}\n20240304,7,${cells}\n20240305,7,${cells}\n`);
  assert.equal(map.time, undefined);
  assert.match(doubts, /no column holds times/);
});
