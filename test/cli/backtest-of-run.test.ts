import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeModel, writeRecording } from '../backtest/synthetic-recording.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { bytesOf, stump } from '../edge/model/stump.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();
const recording = writeRecording(folder);
const model = writeModel(folder);
const advisory = join(import.meta.dirname, '../../docs/policies/advisory.json');

const backtest = (...options: string[]) => runCommand(['backtest', ...options]);

test('the telemetry that a live run stored gives the transitions and notices that the run gave, with no model', async () => {
  const data = join(folder, 'data');
  const live = await runCommand([
    'run',
    ...['--source', 'csv', '--input', recording, '--model', model, '--policy', advisory],
    ...['--until-end', '--data', data, '--mqtt-port', '0', '--json'],
  ]);
  assert.equal(live.code, 0, live.errors);
  const told = live.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { code, out, errors } = await backtest(
    '--input',
    join(data, 'telemetry.duckdb'),
    '--policy',
    advisory,
    '--json',
  );
  assert.equal(code, 0, errors);
  const [result] = JSON.parse(out).recordings[0].results;
  type Line = Readonly<{
    kind: string;
    type: string;
    id: string;
    incident: string;
    t: number;
    began?: number;
  }>;
  const lines: readonly Line[] = told;
  const raised = lines.filter(({ kind, began }) => kind === 'condition' && began !== undefined);
  assert.equal(raised.length, 2);
  assert.deepEqual(
    result.incidents.map(({ id, beganMs }: { id: string; beganMs: number }) => [id, beganMs]).sort(),
    raised.map(({ incident, began }) => [incident, began]).sort(),
  );
  assert.deepEqual(
    result.notices.map(({ id, type }: Line) => [id, type]).sort(),
    lines
      .filter(({ kind }) => kind === 'notice')
      .map(({ id, type }) => [id, type])
      .sort(),
  );
});

test('what a live run stored can be scored anew by another model, from the values of its sensors', async () => {
  const data = join(folder, 'rescored');
  const blind = join(folder, 'blind.json');
  writeFileSync(blind, bytesOf(stump({ feature: 5, split: -1, left: 2, right: -2 })));
  const ran = await runCommand([
    ...['run', '--source', 'csv', '--input', recording, '--model', blind, '--policy', advisory],
    ...['--until-end', '--data', data, '--mqtt-port', '0'],
  ]);
  assert.match(ran.out, /\nincidents: none\n/, ran.errors);
  const stored = ['--input', join(data, 'telemetry.duckdb'), '--policy', advisory, '--json'];
  const incidentsOf = async (...args: string[]) => {
    const { code, out, errors } = await backtest(...args);
    assert.equal(code, 0, errors);
    return JSON.parse(out).recordings[0].results[0].incidents.map(({ id }: { id: string }) => id);
  };
  assert.deepEqual(await incidentsOf(...stored), []);
  const seeing = await incidentsOf('--input', recording, '--model', model, '--policy', advisory, '--json');
  assert.equal(seeing.length, 2);
  assert.deepEqual(await incidentsOf(...stored, '--model', model), seeing);
});

test('a run over a recording ends with the report that a backtest of it gives, word by word', async () => {
  const options = ['--input', recording, '--model', model, '--policy', advisory];
  const [ran, tested] = await Promise.all([
    runCommand(['run', '--source', 'csv', ...options, '--until-end', '--mqtt-port', '0']),
    backtest(...options),
  ]);
  assert.equal(ran.code, 0, ran.errors);
  assert.match(tested.out, /line\.csv +A +1 of 1 +35 s .*\n/);
  const [, summary = ''] = /\ngaps: none\n([\s\S]*)$/.exec(ran.out) ?? [];
  assert.equal(summary, tested.out);
});

test('an alarm just before a labelled episode is early, for as long as the options say', async () => {
  const text = readFileSync(recording, 'utf8');
  // The labels begin a minute after what the model sees: the alarm of 10:10:35 is 25 s ahead of them.
  const shifted = join(folder, 'shifted.csv');
  writeFileSync(shifted, text.replaceAll(/^(2026-03-09T10:10:.*),1$/gm, '$1,0'));
  const scoreOf = async (...more: readonly string[]) => {
    const { out } = await backtest(
      '--input',
      shifted,
      '--model',
      model,
      '--policy',
      advisory,
      '--json',
      ...more,
    );
    const { score, episodes } = JSON.parse(out).recordings[0].results[0];
    return [score.detected, score.falseAlarms, episodes[0].delayMs];
  };
  assert.deepEqual(await scoreOf(), [1, 1, -25_000]);
  assert.deepEqual(await scoreOf('--early', '25s'), [1, 1, -25_000]);
  assert.deepEqual(await scoreOf('--early', '24s'), [0, 2, null]);
  const { out } = await backtest('--input', shifted, '--model', model, '--policy', advisory);
  assert.match(out, /cyl-01 .* 25 s early\n/);
  assert.match(out, /1 of 1 \(1 early\)/);
});
