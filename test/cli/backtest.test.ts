import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { writeModel, writePolicy, writeRecording } from '../backtest/synthetic-recording.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { sample } from '../fixture/stored-sample.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();
const recording = writeRecording(folder);
const unlabelled = writeRecording(folder, 'unlabelled.csv', { isLabelled: false });
const model = writeModel(folder);
const advisory = join(import.meta.dirname, '../../docs/policies/advisory.json');
const late = writePolicy(folder, 'late.json', {
  default: { notifyFrom: 'warning' },
  cylinders: { 'press-*': { threshold: 0.7 } },
});

const backtest = (...options: string[]) => runCommand(['backtest', ...options]);
const onRecording = (...options: string[]) =>
  backtest('--input', recording, '--model', model, '--policy', advisory, ...options);

test('the report names every incident, episode and notice, without colour where there is no terminal', async () => {
  const { code, out, errors } = await onRecording();
  assert.equal(code, 0, errors);
  assert.equal(errors, '');
  assert.ok(!out.includes('\u001B'), 'no escape sequences');
  assert.match(out, /line\.csv +A +1 of 1 +35 s +35 s +0 +1 +0\.94 +1 h 4 min +2 +2 +\d+\n/);
  assert.match(out, /line\.csv +A +cyl-02 +advisory +2026-03-09 10:05:00Z .* false alarm\n/);
  assert.match(out, /line\.csv +A +cyl-01 +warning +2026-03-09 10:10:00Z .* true alarm\n/);
  assert.match(out, /line\.csv +cyl-01 +2026-03-09 10:10:00Z +2026-03-09 10:24:59Z +after 35 s\n/);
  assert.match(out, /\n {2}RAISED +2\n/);
});

test('a second policy stands beside the first, with what differs', async () => {
  const { code, out, errors } = await onRecording('--against', late);
  assert.equal(code, 0, errors);
  assert.match(out, /cyl-01 .* after 35 s +after 10 min 34 s +B 9 min 59 s later\n/);
  assert.match(out, /line\.csv: episode of cyl-01 .* detected with B 9 min 59 s later\n/);
  assert.match(out, /RAISED +2 +1 +-1\n/);
  assert.match(
    out,
    /warning: .*\/late\.json: the pattern press-\* holds for no cylinder that was recorded\n/,
  );
  assert.match(out, /line\.csv: 1 RAISED notice fewer with B \(1 instead of 2\)\n/);
});

test('the same report comes as one JSON document', async () => {
  const { code, out } = await onRecording('--against', late, '--json');
  assert.equal(code, 0);
  const report = JSON.parse(out);
  assert.deepEqual(
    report.all.map(
      ({ policy, score }: { policy: string; score: { falseAlarms: number; medianDelayMs: number } }) => [
        policy,
        score.falseAlarms,
        score.medianDelayMs,
      ],
    ),
    [
      ['A', 1, 35_000],
      ['B', 0, 634_000],
    ],
  );
  assert.deepEqual(report.recordings[0].difference.delays.length, 1);
});

test('several recordings are summed up together, however they are named on the command line', async () => {
  const { out } = await backtest(
    '--input',
    recording,
    recording,
    '--input',
    recording,
    '--model',
    model,
    '--policy',
    advisory,
    '--json',
  );
  const report = JSON.parse(out);
  assert.equal(report.recordings.length, 3);
  assert.equal(report.all[0].score.detected, 3);
  assert.equal(report.all[0].score.falseAlarms, 3);
  assert.equal(report.all[0].score.falsePerHour, 3 / 3.2);
});

const GATES: readonly (readonly [options: readonly string[], code: number, says: RegExp])[] = [
  [
    ['--max-false-per-hour', '0.93'],
    1,
    /--max-false-per-hour 0\.93 not met: 0\.94 an hour \(1 false alarms\)/,
  ],
  [['--min-detected', '100%', '--max-false-per-hour', '1'], 0, /^$/],
  [
    ['--min-detected', '2', '--max-false-per-hour', '0'],
    1,
    /--max-false-per-hour 0 not met[^\n]*\n.*--min-detected 2 not met/,
  ],
];

for (const [options, code, says] of GATES) {
  test(`the gate ${options.join(' ')} ends with exit code ${code}`, async () => {
    const ended = await onRecording(...options);
    assert.equal(ended.code, code, ended.errors);
    assert.match(ended.errors, says);
  });
}

const MISUSES: readonly (readonly [what: string, options: readonly string[], says: RegExp])[] = [
  ['no recording', [], /--input/],
  ['a CSV without a model', ['--input', recording], /needs the model that fits it: --model PATH/],
  ['a file that is not there', ['--input', 'nowhere.csv', '--model', model], /nowhere\.csv.*no such file/],
  [
    'a gate without labels',
    ['--input', unlabelled, '--model', model, '--min-detected', '1'],
    /needs a recording with labels/,
  ],
  [
    'a share above 1',
    ['--input', recording, '--model', model, '--min-detected', '1.5'],
    /--min-detected 1\.5/,
  ],
  [
    'a rate that is none',
    ['--input', recording, '--model', model, '--max-false-per-hour', 'few'],
    /write a number/,
  ],
  ['an unknown option', ['--input', recording, '--modle', model], /unknown option/],
];

for (const [what, options, says] of MISUSES) {
  test(`${what} is misuse, with exit code 2 and a line that says what to do`, async () => {
    const { code, errors } = await backtest(...options);
    assert.equal(code, 2, errors);
    assert.match(errors, says);
  });
}

test('a telemetry store that a pipeline has open is refused with a line that says so', async () => {
  const path = join(folder, 'open.duckdb');
  const store = await openDuckDbTelemetry({ path });
  await store.write([sample()]);
  const { code, errors } = await backtest('--input', path);
  await store.close();
  assert.equal(code, 2);
  assert.match(errors, new RegExp(`open\\.duckdb is in use by process ${process.pid}.*stop that one first`));
});

const skab = join(import.meta.dirname, '../../../shared/data/skab');
const skip = existsSync(skab) ? false : 'the recordings of ../shared/data/skab are not here';

test('the recordings of docs/evaluation.md give the numbers that stand there', { skip }, async () => {
  const files = readdirSync(skab)
    .filter((file) => file.endsWith('.csv'))
    .map((file) => join(skab, file));
  const skabModel = join(skab, '../../models/skab_raw6.json');
  const { code, out, errors } = await backtest(
    ...['--input', ...files, '--model', skabModel, '--policy', advisory, '--against', late, '--json'],
  );
  assert.equal(code, 0, errors);
  const page = readFileSync(join(import.meta.dirname, '../../docs/evaluation.md'), 'utf8');
  const { recordings, all } = JSON.parse(out);
  for (const { file, results } of recordings) {
    const [, name] = /([^/]+)\.csv$/.exec(file) ?? [];
    const { delayMs } = results[0].episodes[0];
    assert.ok(page.includes(`| ${name} | 1 of 1 | ${delayMs / 1000} s |`), `${name}: ${delayMs} ms`);
  }
  const [first, second] = all;
  assert.ok(
    page.includes(
      `| **all 18** | **${first.score.detected} of 18** | **${first.score.medianDelayMs / 1000} s** |`,
    ),
  );
  assert.equal(first.score.falseAlarms, 0);
  assert.equal(second.score.detected, 0);
  type Second = Readonly<{ results: readonly Readonly<{ incidents: unknown[]; notices: unknown[] }>[] }>;
  const others = recordings.map(({ results }: Second) => [
    results[1]?.incidents.length,
    results[1]?.notices.length,
  ]);
  assert.deepEqual(
    others,
    recordings.map(() => [1, 0]),
  );
});
