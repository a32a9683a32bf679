import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeModel, writePolicy, writeRecording } from '../backtest/synthetic-recording.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();
const recording = writeRecording(folder);
const model = writeModel(folder);
const tune = (...options: string[]) => runCommand(['tune', '--input', recording, ...options]);

test('the policy that is written says where it comes from, and every command that reads a policy takes it', async () => {
  const out = join(folder, 'tuned.json');
  const html = join(folder, 'tuned.html');
  const tuned = await tune('--model', model, '--out', out, '--html', html);
  assert.equal(tuned.code, 0, tuned.errors);
  assert.match(
    tuned.out,
    /^640 policies tried on 1 recordings; at most 1 false alarms a day\nchosen: threshold /,
  );
  const { provenance } = JSON.parse(readFileSync(out, 'utf8'));
  assert.deepEqual(
    [provenance.by, provenance.basedOn, provenance.model],
    ['sentinel tune', 'the default policy', model],
  );
  assert.match(provenance.recordings['line.csv'], /^sha256:[0-9a-f]{64}$/);
  assert.match(readFileSync(html, 'utf8'), /<h2>Trade-off<\/h2>/);
  const checked = await runCommand(['policy', 'check', out]);
  assert.equal(checked.code, 0, checked.errors);
  const tried = await runCommand([
    'backtest',
    '--input',
    recording,
    '--model',
    model,
    '--policy',
    out,
    '--json',
  ]);
  assert.equal(tried.code, 0, tried.errors);
});

test('with --json the result is one document', async () => {
  const { code, out, errors } = await tune('--model', model, '--json', '--max-false-per-day', '100');
  assert.equal(code, 0, errors);
  const { candidates, limits, onAll, expected } = JSON.parse(out);
  assert.deepEqual(
    [candidates, limits, onAll.episodes, expected],
    [640, { maxFalsePerDay: 100, maxDelayMs: null }, 1, null],
  );
});

const patterned = writePolicy(folder, 'patterned.json', {
  default: {},
  cylinders: { 'press-*': { threshold: 0.9 } },
});
const unlabelled = writeRecording(folder, 'unlabelled.csv', { isLabelled: false });
test('a policy file with a provenance, and one with no cylinders, are taken as those without', async () => {
  const settings = { default: { reopenWithinMs: 1000 } };
  const ask = async (name: string, policy: object) => {
    const { code, out, errors } = await tune(
      '--model',
      model,
      '--json',
      '--policy',
      writePolicy(folder, name, policy),
    );
    assert.equal(code, 0, errors);
    return JSON.parse(out).policy;
  };
  const known = await ask('known.json', { ...settings, provenance: { by: 'sentinel tune' } });
  assert.equal(known.reopenWithinMs, 1000);
  assert.deepEqual(await ask('empty.json', { ...settings, cylinders: {} }), known);
  assert.equal((await ask('bare.json', { cylinders: {} })).reopenWithinMs, undefined);
});

const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['a CSV without a model', [], /needs the model that fits it: --model PATH/],
  ['a model beside models of its own', ['--model', model, '--cross-train'], /leave out --model/],
  ['outcomes of a recording', ['--model', model, '--labels', 'outcomes'], /go with what a pipeline stored/],
  ['no limit', ['--model', model, '--max-false-per-day', 'few'], /write a number, as 1 or 0\.2/],
  [
    'policies by cylinder',
    ['--model', model, '--policy', patterned],
    /policies of its own for some cylinders/,
  ],
  ['one recording to train on without it', ['--cross-train'], /two recordings or more/],
  [
    'recordings without labels',
    ['--model', model, '--input', unlabelled],
    /no recording has a row labelled as abnormal/,
  ],
];
for (const [what, options, message] of REFUSED) {
  test(`${what}: refused with what to do`, async () => {
    const given = options.includes('--input') ? runCommand(['tune', ...options]) : tune(...options);
    const { code, errors } = await given;
    assert.equal(code, 2, errors);
    assert.match(errors, message);
  });
}

test('a place that cannot be written to is found before the search', async () => {
  const out = join(folder, 'no such folder', 'tuned.json');
  const { code, errors, out: said } = await tune('--model', model, '--out', out);
  assert.deepEqual([code, said], [2, ''], errors);
  assert.match(errors, /cannot be written/);
  assert.equal(existsSync(out), false);
});

test('a policy that stands is not overwritten by a search that fails', async () => {
  const out = writePolicy(folder, 'mine.json', { threshold: 0.7 });
  const before = readFileSync(out, 'utf8');
  await runCommand(['tune', '--input', join(folder, 'gone.csv'), '--model', model, '--out', out]);
  assert.equal(readFileSync(out, 'utf8'), before);
});
