import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { payloadMapper } from '../mapping/map-payload.ts';
import { readMapping } from '../mapping/mapping.ts';
import { readMessage } from './read-message.ts';

const cases = join(import.meta.dirname, '../../../shared/cases');
const skip = existsSync(cases) ? false : 'the files of ../shared/cases are not here';

const NOW = Date.UTC(2025, 10, 22, 8, 26, 40, 123);
const SECOND = NOW - 123;

/** What stands in the files for the time at which they are sent. */
const withTimes = (text: string): string => {
  const iso = new Date(NOW).toISOString();
  const local = iso.slice(0, -1);
  const forms: Readonly<Record<string, string>> = {
    $MS: `${NOW}`,
    $SEC: `${SECOND / 1000}`,
    $FSEC: `${NOW / 1000}`,
    $MICRO: `${NOW}456`,
    $ISOZ: iso,
    $ISOLOCAL: local,
    $SPACE: local.replace('T', ' '),
    $USPACE: `${local.replace('T', ' ')}456`,
  };
  return text.replaceAll(/\$[A-Z]+/g, (token) => forms[token] ?? token);
};

type Line = Readonly<{ name: string; topic: string; body: string }>;
const linesOf = (folder: string): readonly Line[] =>
  readFileSync(join(cases, folder, 'in.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(withTimes(line)));

const mapperOf = (mapping: unknown) => {
  const reading = readMapping(mapping);
  assert.ok(reading.ok, reading.ok ? '' : JSON.stringify(reading.faults));
  return payloadMapper(reading.mapping);
};

/** Each sample of a message as its cylinder, how long after NOW it was in ms, and temperature; then each refusal. */
const outcomeOf = ({ topic, body }: Line, mapping: unknown, isScored: boolean): string => {
  const { samples, rejections } = readMessage(
    { topic, body: new TextEncoder().encode(body), receivedAt: NOW, client: null },
    {
      mapper: mapping === undefined ? undefined : mapperOf(mapping),
      scorer: isScored ? () => ({ probability: 0.5, why: null, model: 'm' }) : undefined,
    },
  );
  return [
    ...samples.map(({ cylinder, t, values }) => `${cylinder} ${t - NOW} ${values[0]}`),
    ...rejections.map(({ reason }) => reason),
  ].join(', ');
};

const NESTED = {
  time: { from: ['Time'] },
  sensors: { rVibration_Temp: 'QM42VT-1.rVibration_Temp' },
};
const LAB_TOPIC = { gateway: { topic: 1 }, cylinder: { topic: 2 } };

/** The lines of a folder by name and how they end: as they are, where a model is given, and where a map is. */
const FOLDERS: readonly (readonly [
  folder: string,
  outcomes: Readonly<Record<string, string>>,
  how?: Readonly<{ mapping?: unknown; isScored?: boolean }>,
])[] = [
  [
    'lab-raw-payload',
    {
      'lab raw, sDateTime UTC ms': 'probability',
      'lab raw, both times': 'probability',
      'lab topic': 'topic',
    },
  ],
  [
    'lab-raw-payload',
    {
      'lab raw, sDateTime UTC ms': 'station7 0 41.5',
      'lab raw, both times': 'station7 0 41.5',
      'lab topic': 'topic',
    },
    { isScored: true },
  ],
  [
    'lab-raw-payload',
    { 'lab topic': 'station7 0 41.5' },
    { isScored: true, mapping: { ...LAB_TOPIC, topics: ['turck/+'] } },
  ],
  [
    'tasmota-nested',
    {
      'nested per device': 'time',
      'nested, with t': 'sensor',
      'no sensor at all, only probability': 'sensor',
      'misspelt sensor names': 'sensor',
    },
  ],
  ['tasmota-nested', { 'nested per device': 'nested 0 41.5' }, { mapping: NESTED }],
  [
    'tasmota-nested',
    { 'nested, with t': 'nested 0 41.5', 'no sensor at all, only probability': 'sensor' },
    { mapping: { sensors: { rVibration_Temp: 'sensors.rVibration_Temp' } } },
  ],
  [
    'tasmota-nested',
    { 'misspelt sensor names': 'misspelt 0 41.5' },
    { mapping: { sensors: { rVibration_Temp: 'rVibration_temp' } } },
  ],
  [
    'epoch-seconds-t',
    {
      't in s': 'secs -123 41.5',
      't in fractional s': 'secs 0 41.5',
      't in us': 'secs 0 41.5',
      'timeInSeconds in ms': 'secs 0 41.5',
      't = 0 (clock before NTP)': 'time',
    },
  ],
  [
    'iso-offset',
    {
      't ISO Z': 'iso 0 41.5',
      'timestamp ISO Z': 'iso 0 41.5',
      'timestamp epoch s': 'iso -123 41.5',
      'sDateTime ISO T offset +0200': `iso ${-2 * 3_600_000} 41.5`,
      'sDateTime with microseconds': 'iso 0 41.5',
      'sDateTime bad, timeInSeconds good': 'iso 0 41.5',
      'sDateTime null, timeInSeconds good': 'iso -123 41.5',
      'no time at all': 'time',
    },
  ],
  [
    'nan',
    {
      'bare NaN (python json.dumps)': 'nan 0 null',
      'bare nan (C printf)': 'nan 0 null',
      'batch of 10, one NaN': 'nan 0 41, nan 0 null',
      'string NaN': 'nan 0 null',
      'JSON5-ish trailing comma': 'not-json',
      'null sensor (fine)': 'nan 0 null',
    },
  ],
  [
    'top-level-array',
    {
      'array of samples': 'arr 0 41',
      'NDJSON two lines': 'arr 0 41, arr 0 41',
      'trailing NUL byte (C strlen+1)': 'arr 0 41',
      'three topic levels': 'topic',
      'name with a dot': 'topic',
      'korean cylinder name': 'topic',
      'empty payload (clearing a retained message)': '',
    },
  ],
];

for (const [folder, outcomes, { mapping, isScored = false } = {}] of FOLDERS) {
  const how = `${mapping === undefined ? '' : ' by a map'}${isScored ? ' with a model' : ''}`;
  test(`the payloads of ${folder}${how} have their right outcomes`, { skip }, () => {
    const lines = linesOf(folder);
    if (mapping === undefined)
      assert.deepEqual(
        Object.keys(outcomes),
        lines.map(({ name }) => name),
      );
    for (const [name, expected] of Object.entries(outcomes)) {
      const line = lines.find((one) => one.name === name);
      assert.ok(line !== undefined, name);
      assert.equal(outcomeOf(line, mapping, isScored), expected, name);
    }
  });
}
