import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readMapping } from '../../domain/mapping/mapping.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();

const check = (...args: readonly string[]) => runCommand(['source', 'check', ...args]);

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const message = (second: number, temperature: unknown) =>
  `${JSON.stringify({
    topic: 'tele/press-1/SENSOR',
    body: JSON.stringify({ Time: `2025-11-22T08:26:${second}`, QM: { Temp: temperature } }),
  })}\n`;

const MAP = written(
  'map.json',
  '{"topics":["tele/+/SENSOR"],"gateway":"hall","cylinder":{"topic":2},"time":"Time","sensors":{"rVibration_Temp":{"from":"QM.Temp","scale":0.1}}}',
);

test('a mapping is good, or told field by field', async () => {
  assert.deepEqual(await check('--map', MAP), { code: 0, out: `${MAP}: good\n`, errors: '' });
  const { code, errors } = await check(
    '--map',
    written('bad.json', '{"sensors":{"wRMSCurrent":{"scale":2}}}'),
  );
  assert.equal(code, 2);
  assert.match(errors, /bad\.json: sensors\.wRMSCurrent\.from must be there/);
});

test('it says what a mapping makes of recorded messages: how many, of whom, when, each range, and what was refused', async () => {
  const messages = written('messages.jsonl', message(40, 415) + message(50, 9000) + message(52, 'err'));
  const { code, out } = await check(messages, '--map', MAP);
  assert.equal(code, 0);
  assert.match(out, /2 samples of 1 cylinder: hall\/press-1\n.*2025-11-22 08:26:40Z to .*, one each 10 s\n/);
  assert.match(out, /rVibration_Temp +41\.5 … 900\.0 °C; looks wrong by a unit or a scale\n/);
  assert.match(out, /wRMSCurrent +never there\n/);
  assert.match(out, /refused: 1 for sensor, the first: rVibration_Temp: QM\.Temp is no number: "err"\n/);
});

test('bodies by themselves are of the topic that is given, and nothing understood is an error', async () => {
  const bodies = written('bodies.jsonl', '{"t":1763800000,"rVibration_temp":41.5}\n');
  const { code, out, errors } = await check(bodies);
  assert.equal(code, 2);
  assert.match(out, /refused: 1 for sensor, .*: map rVibration_Temp from "rVibration_temp"\n/);
  assert.match(errors, /bodies\.jsonl: nothing in it is understood/);
});

test('every map of docs/sources.md is good', () => {
  const text = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');
  const maps = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, map = '']) => map);
  assert.equal(maps.length, 4);
  for (const map of maps) assert.equal(readMapping(JSON.parse(map)).ok, true, map);
});
