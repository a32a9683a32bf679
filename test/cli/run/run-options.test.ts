import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRunOptions, type RunOptions } from '../../../cli/run/run-options.ts';
import { UsageError } from '../../../cli/terminal/usage-error.ts';

const csv = { source: 'csv', input: 'r.csv', model: 'm.json' } as const;

const SOUND: readonly RunOptions[] = [
  { source: 'simulated' },
  { source: 'simulated', cylinders: 3, seed: 2, speed: 60, model: 'm.json', for: 1000, json: true },
  { source: 'random', cylinders: 3, seed: 2, speed: 0.5 },
  { source: 'none', speed: 1, mqttPort: 0, data: 'd' },
  csv,
  { ...csv, speed: 10 },
  { ...csv, untilEnd: true, for: 1000 },
];

for (const options of SOUND) {
  test(`${JSON.stringify(options)} can be run`, () => checkRunOptions(options));
}

const CONTRADICTIONS: readonly (readonly [RunOptions, RegExp])[] = [
  [{ source: 'csv', model: 'm.json' }, /^--source csv needs the recording: --input FILE$/],
  [{ source: 'csv', input: 'r.csv' }, /^--source csv needs the model .*--model PATH$/],
  [{ source: 'simulated', input: 'r.csv' }, /^--input goes with --source csv$/],
  [{ source: 'none', untilEnd: true }, /^--until-end goes with --source csv/],
  [{ ...csv, untilEnd: true, speed: 2 }, /leave out --speed$/],
  [{ source: 'none', speed: 2 }, /^--speed is for the simulated line/],
  [{ source: 'none', model: 'm.json' }, /leave out --model$/],
  [{ source: 'none', cylinders: 2 }, /^--cylinders is for the simulated line/],
  [{ ...csv, seed: 2 }, /^--seed is for the simulated line/],
  [{ source: 'none', data: '' }, /^--data needs the name of a folder$/],
];

for (const [options, message] of CONTRADICTIONS) {
  test(`${JSON.stringify(options)} is refused`, () => {
    assert.throws(
      () => checkRunOptions(options),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}
