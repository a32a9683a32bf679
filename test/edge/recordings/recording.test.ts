import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recordingFile } from '../../../backtest/recordings/open-table.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { openRecording as open } from '../../../edge/recordings/recording.ts';
import type { Source, SourceSample } from '../../../edge/sources/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
after(() => rmSync(folder, { recursive: true }));

const openRecording = (path: string) => open(recordingFile(path));

const HEADER = `ts,${SENSORS.join(',')}`;

const file = (name: string, ...lines: string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
};

const read = async (source: Source): Promise<SourceSample[]> => {
  const samples: SourceSample[] = [];
  for await (const batch of source) samples.push(...batch);
  return samples;
};

const readFile = async (path: string): Promise<SourceSample[]> => {
  const opened = await openRecording(path);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return read(opened.recording.source);
};

test('columns are found by name in any order, others are ignored, and the file names the cylinder', async () => {
  const path = file(
    'press 7 (left).csv',
    `\uFEFFnote,${SENSORS.toReversed().join(',')},time`,
    'x,6,5,4,3,2,1.5,1763800000',
  );
  assert.deepEqual(await readFile(path), [
    { cylinder: 'press-7-left', t: 1763800000000, values: [1.5, 2, 3, 4, 5, 6], label: null },
  ]);
});

test('an empty cell is a sensor that did not answer, and gaps stay gaps', async () => {
  const path = file('gaps.csv', HEADER, '1763800000,1,,3,4,,6', '', '1763800090,0,-1,1e2,.5,5.,+6', '');
  assert.deepEqual(
    (await readFile(path)).map(({ t, values }) => ({ t, values })),
    [
      { t: 1763800000000, values: [1, null, 3, 4, null, 6] },
      { t: 1763800090000, values: [0, -1, 100, 0.5, 5, 6] },
    ],
  );
});

test('a cylinder column names the cylinder of each row, and each has its own order of time', async () => {
  const path = file(
    'two.csv',
    `${HEADER},cylinder,anomaly`,
    '1763800020,1,2,3,4,5,6,a-1,0',
    '1763800010,1,2,3,4,5,6,b:2,1',
    '1763800020,1,2,3,4,5,6,a-1,',
  );
  const opened = await openRecording(path);
  assert.ok(opened.ok);
  const { source, ...facts } = opened.recording;
  assert.deepEqual(facts, {
    samples: 3,
    cylinders: ['a-1', 'b:2'],
    firstMs: 1_763_800_010_000,
    lastMs: 1_763_800_020_000,
    isLabelled: true,
    spacings: new Map([
      ['a-1', null],
      ['b:2', null],
    ]),
  });
  assert.deepEqual(
    (await read(source)).map(({ cylinder, t, label }) => ({ cylinder, t, label })),
    [
      { cylinder: 'a-1', t: 1_763_800_020_000, label: false },
      { cylinder: 'b:2', t: 1_763_800_010_000, label: true },
      { cylinder: 'a-1', t: 1_763_800_020_000, label: null },
    ],
  );
});

test('Windows line ends and quoted cells are read', async () => {
  const path = join(folder, 'windows.csv');
  writeFileSync(
    path,
    `${HEADER}\r\n"2026-03-09 10:14:33.250","1",2,3,4,5,6\r\n2026-03-09 10:14:34,1,2,x,4,5,6\r\n`,
  );
  const opened = await openRecording(path);
  assert.ok(!opened.ok);
  assert.equal(
    opened.error.message,
    `${path}, line 3, column rVibration_X_RMS_Velocity: "x" is not a number; leave a missing value empty`,
  );
});

const GOOD = '2026-03-09T10:14:33Z,1,2,3,4,5,6';
const PROBLEMS: readonly [what: string, lines: readonly string[], message: RegExp][] = [
  ['no content', [], /is empty; its first line must name the columns/],
  ['a header alone', [HEADER], /has no rows below its header/],
  [
    'a missing sensor',
    [`ts,${SENSORS.slice(1).join(',')}`, '1,2,3,4,5,6'],
    /line 1: missing column: rVibration_Temp; found/,
  ],
  [
    'no time column',
    [SENSORS.join(','), '1,2,3,4,5,6'],
    /line 1: missing column: a time \(ts, time, t, timestamp/,
  ],
  ['a column twice', [`${HEADER},wRMSCurrent`, `${GOOD},7`], /line 1: column wRMSCurrent is named twice/],
  [
    'a word for a number',
    [HEADER, GOOD, '2026-03-09T10:14:34Z,1,2,3,four,5,6'],
    /line 3, column wRMSCurrent: "four" is not a number/,
  ],
  [
    'decimal commas beside decimal points',
    [HEADER, '2026-03-09T10:14:34Z,"1,5",2.5,3,4,5,6'],
    /line 2, column rVibration_Z_RMS_Velocity: "2.5" has a point, where other decimals/,
  ],
  [
    'a number beyond all measure',
    [HEADER, '2026-03-09T10:14:34Z,1e999,2,3,4,5,6'],
    /column rVibration_Temp: "1e999" is not/,
  ],
  [
    'a day that is none',
    [HEADER, '2026-02-30T10:14:34Z,1,2,3,4,5,6'],
    /line 2, column ts: "2026-02-30T10:14:34Z" is no time/,
  ],
  ['an empty time', [HEADER, ',1,2,3,4,5,6'], /line 2, column ts: "" is no time/],
  [
    'a time going back',
    [HEADER, GOOD, '2026-03-09T10:14:32Z,1,2,3,4,5,6'],
    /line 3, column ts: 2026-03-09T10:14:32.000Z comes after/,
  ],
  ['a row too short', [HEADER, '2026-03-09T10:14:34Z,1,2'], /line 2: 3 cells under 7 column names/],
  ['a row too long', [HEADER, `${GOOD},7`], /line 2: 8 cells under 7 column names/],
  ['a quote left open', [HEADER, '"2026-03-09T10:14:34Z,1,2,3,4,5,6'], /line 2: Quote Not Closed/],
  [
    'a name with a slash',
    [`${HEADER},cylinder`, `${GOOD},a/b`],
    /line 2, column cylinder: "a\/b" is not a name/,
  ],
  [
    'a label that is neither 0 nor 1',
    [`${HEADER},anomaly`, `${GOOD},2`],
    /line 2, column anomaly: "2" is not 0, 1 or empty/,
  ],
];

for (const [what, lines, message] of PROBLEMS) {
  test(`a recording with ${what} is refused with its place`, async () => {
    const path = file('bad.csv', ...lines);
    const opened = await openRecording(path);
    assert.ok(!opened.ok);
    assert.ok(opened.error.message.startsWith(path));
    assert.match(opened.error.message, message);
  });
}

test('a file that is not there and a folder are refused in words', async () => {
  const absent = await openRecording(join(folder, 'absent.csv'));
  assert.match(absent.ok ? '' : absent.error.message, /absent\.csv: there is no such file/);
  const aFolder = await openRecording(folder);
  assert.match(aFolder.ok ? '' : aFolder.error.message, /this is a folder/);
});

test('a recording that is spoilt after it was opened ends its source with an error', async () => {
  const path = file('spoilt.csv', HEADER, GOOD);
  const opened = await openRecording(path);
  assert.ok(opened.ok);
  file('spoilt.csv', HEADER, GOOD.replace('1,2', 'one,2'));
  await assert.rejects(read(opened.recording.source), /changed while it was read.*line 2/);
});

const skab = '../shared/data/skab';
const skip = existsSync(skab) ? false : `${skab} is not there`;

test('every recording of the pump test rig is read to its end, in order, with its labels', {
  skip,
}, async () => {
  const files = readdirSync(skab).filter((name) => name.endsWith('.csv'));
  assert.equal(files.length, 18);
  for (const name of files) {
    const samples = await readFile(join(skab, name));
    assert.ok(samples.length > 700, name);
    assert.ok(samples.some(({ label }) => label === true) && samples.every(({ label }) => label !== null));
    assert.ok(samples.every(({ values }) => values.length === 6 && !values.includes(null)));
    assert.ok(samples.every(({ t }, index) => t >= (samples[index - 1]?.t ?? 0)));
  }
});
