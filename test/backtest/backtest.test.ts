import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { backtestRecording, type NamedPolicy } from '../../backtest/backtest.ts';
import { openRecording } from '../../backtest/recordings/open-recording.ts';
import { DEFAULT_BOOK, readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { loadModel } from '../../edge/model/formats/read-model.ts';
import { score } from '../../edge/model/predict/score.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { sound } from '../edge/model/stump.ts';
import { BEGIN_MS, MINUTE_MS, SECONDS, writeModel, writeRecording } from './synthetic-recording.ts';

const folder = scratchFolder();
const path = writeRecording(folder);
const model = sound(await loadModel(writeModel(folder)));
const scorer = {
  name: 'stump',
  start: () => (values: readonly (number | null)[]) => score(model, values).probability,
};

const named = (name: string, policy: unknown): NamedPolicy => {
  const reading = readPolicyBook(policy);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return { name, book: reading.book };
};
const ADVISORY = named('advisory', { notifyFrom: 'advisory' });
const DEFAULT = { name: 'default', book: DEFAULT_BOOK };

const run = async (file: string, policies: readonly NamedPolicy[]) => {
  const opened = await openRecording(file, scorer, () => undefined);
  if (!opened.ok) throw new Error(opened.message);
  return backtestRecording(opened.recording, policies, { traceBuckets: 100, onProgress: () => undefined });
};

const at = (minute: number, second = 0): number => BEGIN_MS + minute * MINUTE_MS + second * 1000;

test('two faults that are known to the second are told of to the second', async () => {
  const { facts, results } = await run(path, [ADVISORY]);
  const [result] = results;
  assert.equal(facts.samples, 2 * SECONDS);
  // 36 of 60 slots make the ratio of 0.6; the window still holds 12 of them 48 s after the fault.
  assert.deepEqual(
    result?.outcome.incidents.map(({ id, beganMs, stretches }) => [id, beganMs, stretches[0]?.raisedMs]),
    [
      [`cyl-02@${at(5, 35)}`, at(5), at(5, 35)],
      [`cyl-01@${at(10, 35)}`, at(10), at(10, 35)],
    ],
  );
  // Clearing begins when less than 12 of 60 are abnormal; an advisory holds for 60 s, a warning for ten minutes.
  assert.deepEqual(
    result?.outcome.incidents.map(({ stretches }) => stretches[0]?.clearedMs),
    [at(8, 48 + 59), at(25, 48 + 599)],
  );
  assert.deepEqual(result?.score, {
    episodes: 1,
    detected: 1,
    missed: 0,
    medianDelayMs: 35_000,
    worstDelayMs: 35_000,
    falseAlarms: 1,
    // Both cylinders, without the fault of a quarter of an hour and the minute after it.
    soundMs: (80 - 15 - 1) * MINUTE_MS,
    falsePerHour: 0.9375,
  });
  assert.deepEqual(result?.notices, { ESCALATED: 1, RAISED: 2, RECOVERED: 2 });
});

test('what never reaches the severity that people are told of is an incident and no alarm', async () => {
  const { results, difference } = await run(path, [ADVISORY, DEFAULT]);
  const second = results[1];
  assert.equal(second?.outcome.incidents.length, 2);
  assert.deepEqual(
    second?.alarms.map(({ cylinder, raisedMs }) => [cylinder, raisedMs]),
    // The raising slot is the first of 600 active ones.
    [['cyl-01', at(10, 35 + 599)]],
  );
  assert.deepEqual(second?.judgement.falseAlarms, []);
  assert.deepEqual(
    difference?.delays.map(({ firstMs, secondMs }) => [firstMs, secondMs]),
    [[35_000, 634_000]],
  );
  assert.deepEqual(difference?.onlyFirst, []);
});

test('the bands of a cylinder follow each other without a gap from its first sample to its last', async () => {
  const { results } = await run(path, [ADVISORY]);
  const bands = results[0]?.outcome.cylinders.get('cyl-01')?.bands ?? [];
  assert.deepEqual(
    bands.map(({ condition, severity }) => [condition, severity]),
    [
      ['NORMAL', null],
      ['SUSPECT', null],
      ['ACTIVE', 'advisory'],
      ['ACTIVE', 'warning'],
      ['CLEARING', 'warning'],
      ['NORMAL', null],
    ],
  );
  assert.equal(bands[0]?.fromMs, BEGIN_MS);
  assert.equal(bands.at(-1)?.toMs, BEGIN_MS + SECONDS * 1000);
  for (const [index, band] of bands.entries()) assert.equal(band.fromMs, bands[index - 1]?.toMs ?? BEGIN_MS);
});

test('a file with one cylinder after the other gives what one with both side by side gives', async () => {
  const [header = '', ...rows] = readFileSync(path, 'utf8').trim().split('\n');
  const apart = ['cyl-02', 'cyl-01'].flatMap((name) => rows.filter((row) => row.includes(`,${name},`)));
  const other = join(folder, 'apart.csv');
  writeFileSync(other, `${[header, ...apart].join('\n')}\n`);
  const [sideBySide, oneByOne] = await Promise.all([run(path, [ADVISORY]), run(other, [ADVISORY])]);
  assert.deepEqual(oneByOne.results[0]?.outcome.incidents, sideBySide.results[0]?.outcome.incidents);
  assert.deepEqual(oneByOne.results[0]?.score, sideBySide.results[0]?.score);
});
