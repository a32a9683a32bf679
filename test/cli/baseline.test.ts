import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SENSORS } from '../../domain/message/sample.ts';
import { createScorer } from '../../edge/gateway/run-gateway.ts';
import { loadModel } from '../../edge/model/formats/read-model.ts';
import { float32Text } from '../../edge/model/predict/single-precision.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { dice } from '../edge/model/mutate.ts';
import { sound } from '../edge/model/stump.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();
const SECONDS = 600;
const FAULT_AT = 400;

type Values = readonly number[];

/** Ten minutes of a machine at a level of its own, whose current rises by a quarter in the last third. */
const valuesOf = (level: number): readonly Values[] => {
  const roll = dice(level);
  return Array.from({ length: SECONDS }, (_, second) => {
    const noise = () => level * (1 + (roll(100) - 50) / 2000);
    return [40, noise(), noise(), second < FAULT_AT ? noise() : noise() * 1.25, 50, 1000];
  });
};

const write = (name: string, level: number): string => {
  const path = join(folder, `${name}.csv`);
  const lines = valuesOf(level).map((values, second) => {
    const ts = new Date(Date.UTC(2026, 2, 9, 10) + second * 1000).toISOString();
    return [ts, ...values, Number(second >= FAULT_AT)].join(',');
  });
  writeFileSync(path, [`ts,${SENSORS.join(',')},label`, ...lines, ''].join('\n'));
  return path;
};

const known = [2, 5, 9, 14].map((level) => write(`m${level}`, level));
const unknown = write('unknown', 100);
const model = join(folder, 'model.json');
const policy = join(folder, 'policy.json');
writeFileSync(policy, JSON.stringify({ default: { notifyFrom: 'advisory' } }));

const trained = await runCommand([
  ...['train', '--input', ...known, '--out', model, '--baseline', '60', '--smooth', '10'],
  ...['--rounds', '60', '--learning-rate', '0.2', '--sensor-share', '1'],
]);

test('a model with baselines detects the fault of a machine that runs at another level, in every command', async () => {
  assert.equal(trained.code, 0, trained.errors);
  const judged = await runCommand([
    ...['backtest', '--input', unknown, ...known, '--model', model, '--policy', policy, '--json'],
  ]);
  assert.equal(judged.code, 0, judged.errors);
  const { all } = JSON.parse(judged.out);
  assert.deepEqual([all[0].score.detected, all[0].score.falseAlarms], [5, 0]);
  const tuned = await runCommand([
    ...[
      'tune',
      '--input',
      unknown,
      ...known,
      '--cross-train',
      '--baseline',
      '60',
      '--smooth',
      '10',
      '--json',
    ],
    ...['--rounds', '60', '--learning-rate', '0.2', '--sensor-share', '1', '--policy', policy],
    ...['--max-false-per-day', '100'],
  ]);
  assert.equal(tuned.code, 0, tuned.errors);
  const { expected } = JSON.parse(tuned.out);
  assert.deepEqual([expected.detected, expected.falseAlarms], [5, 0]);
  const shown = await runCommand(['model', 'inspect', model]);
  assert.match(shown.out, /is given +how far each sensor, as a mean over 10 samples, .* first 60/);
});

test('a table is scored as the gateway scores the same samples', async () => {
  const scored = await runCommand(['score', '--model', model, '--input', unknown]);
  const lines = scored.out.trim().split('\n').slice(1);
  const scorer = createScorer(sound(await loadModel(model)));
  const told = valuesOf(100).map((values) => scorer.score(values, 'unknown').probability);
  assert.deepEqual(
    lines.map((line) => line.split(',')[1]),
    told.map(float32Text),
  );
  // Without a baseline it says what it says of no deviation.
  assert.ok(told.slice(0, 19).every((probability) => probability === told[0] && probability < 0.1));
  const copy = join(folder, 'copy.json');
  await runCommand(['model', 'convert', model, '--out', copy]);
  assert.equal(JSON.parse(readFileSync(copy, 'utf8')).learner.attributes.sentinel_baseline, '60 10');
  assert.deepEqual(JSON.parse(readFileSync(`${folder}/model.card.json`, 'utf8')).settings.baseline, {
    samples: 60,
    smooth: 10,
  });
});

test('what cannot be scored in order is refused, and so is a baseline that is no longer than what is smoothed', async () => {
  const short = await runCommand([
    ...['train', '--input', ...known, '--out', join(folder, 'no.json'), '--baseline', '30'],
  ]);
  assert.match(short.errors, /--baseline 30 has to be longer than --smooth 30/);
  const arriving = await runCommand(['run', '--source', 'none', '--score', model, '--data', folder]);
  assert.notEqual(arriving.code, 0);
  assert.match(arriving.errors, /holds samples against baselines.*sentinel edge/);
});
