import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { recordingText } from '../../local/run/recording-text.ts';
import { startSentinel } from '../../local/run/start-sentinel.ts';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);
const model = join(import.meta.dirname, '../../../edge/model/simulated-line.json');

before(() => {
  const recording = recordingText(20);
  const files: Readonly<Record<string, string>> = {
    file: '',
    'empty.csv': '',
    'garbage.json': 'garbage',
    'truncated.json': readFileSync(model, 'utf8').slice(0, 5000),
    'missing.csv': recording.replaceAll(/,[^,\n]*$/gm, ''),
    'word.csv': recording.replace(',1,1\n', ',abc,1\n'),
    'unknown-field.json': '{"windwMs":60000}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  for (const [name, file] of [
    ['corrupt-ledger', 'ledger.sqlite'],
    ['corrupt-telemetry', 'telemetry.duckdb'],
  ] as const) {
    mkdirSync(at(name));
    writeFileSync(join(at(name), file), 'no database '.repeat(2000));
  }
});

const csv = (input: string, ...more: readonly string[]): readonly string[] => [
  ...['--source', 'csv', '--input', at(input), '--model', model, '--until-end', ...more],
];
const data = (name: string): readonly string[] => [
  ...['--source', 'none', '--mqtt-port', '0', '--data', at(name)],
];

const REFUSED: readonly (readonly [what: string, args: readonly string[], code: number, message: RegExp])[] =
  [
    ['a model that is not there', ['--model', at('absent.json')], 2, /absent\.json: there is no such file/],
    ['a truncated model', ['--model', at('truncated.json')], 2, /truncated\.json: the file is damaged/],
    [
      'a recording without a column',
      csv('missing.csv'),
      2,
      /missing\.csv, line 1: missing column: wEncoderVelocity/,
    ],
    ['an empty recording', csv('empty.csv'), 2, /empty\.csv is empty/],
    ['a cell that is no number', csv('word.csv'), 2, /word\.csv, line 2, column .*"abc" is not a number/],
    [
      'a policy with an unknown field',
      ['--policy', at('unknown-field.json')],
      2,
      /windwMs is not a field of a policy/,
    ],
    ['a policy that is no JSON', ['--policy', at('garbage.json')], 2, /garbage\.json is not JSON/],
    ['a policy that is not there', ['--policy', at('absent.json')], 2, /absent\.json cannot be read/],
    ['a file in the way of the data folder', data('file'), 1, /there is a file of that name; choose another/],
    [
      'a folder in which nothing can be made',
      ['--data', '/proc/sentinel/data'],
      1,
      /cannot be used: .*choose another/,
    ],
    [
      'a corrupt ledger',
      data('corrupt-ledger'),
      1,
      /ledger\.sqlite is not a sound SQLite file: move it away/,
    ],
    [
      'a corrupt telemetry store',
      data('corrupt-telemetry'),
      1,
      /telemetry\.duckdb is not a DuckDB file: move it away/,
    ],
    [
      'a port that is none',
      ['--mqtt-port', '99999'],
      2,
      /Write a whole number from 0 to 65535\. \(see sentinel run --help\)/,
    ],
    ['a speed of zero', ['--speed', '0'], 2, /Write a number from 0\.1 to 600/],
    [
      'an unknown option',
      ['--sped', '2'],
      2,
      /unknown option '--sped' \(Did you mean one of --seed, --speed\?\)/,
    ],
    ['what goes with another source', ['--until-end'], 2, /--until-end goes with --source csv/],
  ];

for (const [what, args, expected, message] of REFUSED) {
  test(`${what} is refused in one line, and nothing is made`, async () => {
    const own = args.includes('--data') || args.includes('csv') ? [] : ['--data', at('never')];
    using sentinel = startSentinel(['run', ...own, ...args]);
    const { code, lines, errors } = await sentinel.ended;
    assert.match(errors, message);
    assert.match(errors, /^sentinel: .+\n$/);
    assert.equal(code, expected);
    assert.deepEqual(lines, []);
    assert.equal(existsSync(at('never')), false);
  });
}

test('an unknown command is refused in one line', async () => {
  using sentinel = startSentinel(['rnu']);
  const { code, errors } = await sentinel.ended;
  assert.match(errors, /^sentinel: unknown command 'rnu' .*\(see sentinel --help\)\n$/);
  assert.equal(code, 2);
});

test('a data folder that another run has is refused, and so is a port', async () => {
  using first = startSentinel(['run', ...data('taken')]);
  assert.notEqual(await first.port, null);
  using second = startSentinel(['run', ...data('taken')]);
  const refused = await second.ended;
  assert.match(refused.errors, /^sentinel: .*is in use by another process: stop that one first.*\n$/);
  assert.equal(refused.code, 1);

  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  using third = startSentinel([
    ...['run', '--source', 'none', '--data', at('other'), '--mqtt-port', String(port)],
  ]);
  const busy = await third.ended;
  server.close();
  assert.match(busy.errors, /^sentinel: port \d+ on 127\.0\.0\.1 is in use: .*--mqtt-port\n$/);
  assert.equal(busy.code, 1);
});
