import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SENSORS } from '../../domain/message/sample.ts';
import { writeParquet } from '../../local/telemetry/write-parquet.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runCommand } from './run-sentinel.ts';

const folder = scratchFolder();
const exported = join(folder, 'exported');
mkdirSync(join(exported, 'incidents'), { recursive: true });

const START_MS = Date.UTC(2026, 0, 5);
const sqlTime = (second: number): string =>
  new Date(START_MS + second * 1000).toISOString().replace('T', ' ').replace('Z', '');
const CYLINDERS = ['a', 'b', 'c'];
const sampleColumns = [
  { name: 'cylinder', type: 'VARCHAR' },
  { name: 't', type: 'TIMESTAMP' },
  { name: 'received_at', type: 'TIMESTAMP' },
  { name: 'probability', type: 'DOUBLE' },
  ...SENSORS.map((name) => ({ name, type: 'DOUBLE' })),
];
/** An hour of each cylinder, whose encoder stands still from second 1000 to 1500. */
const samples = CYLINDERS.flatMap((cylinder) =>
  Array.from({ length: 3600 }, (_, s) => {
    const isFault = s >= 1000 && s < 1500;
    const values = [46 + (s % 7) / 10, 2.1, 1.8, 3.2, 40, isFault ? 0 : 1180 + (s % 5)];
    // The model of that time knows the fault, and takes some time of a for one as well.
    const probability = isFault || (cylinder === 'a' && s >= 2000 && s < 2100) ? 0.95 : 0.02;
    return {
      cylinder,
      t: sqlTime(s),
      received_at: sqlTime(s + 1),
      probability,
      ...Object.fromEntries(SENSORS.map((name, i) => [name, values[i]])),
    };
  }),
);
const incidentColumns = [
  ...['id', 'cylinder', 'outcome'].map((name) => ({ name, type: 'VARCHAR' })),
  ...['began_at', 'cleared_at', 'closed_at'].map((name) => ({ name, type: 'TIMESTAMP' })),
];
const incident = (cylinder: string, outcome: string | null, from: number, to: number, closed = to) => ({
  id: `${cylinder}@${from}`,
  cylinder,
  outcome,
  began_at: sqlTime(from),
  cleared_at: sqlTime(to),
  closed_at: outcome === null ? null : sqlTime(closed),
});
await writeParquet(join(exported, 'samples-00.parquet'), sampleColumns, samples);
await writeParquet(join(exported, 'incidents', 'incidents.parquet'), incidentColumns, [
  ...CYLINDERS.map((cylinder) => incident(cylinder, 'fault', 1000, 1500)),
  incident('a', 'no-fault-found', 2000, 2100),
  incident('b', null, 3000, 3100),
]);

const set = join(folder, 'set');
const label = (...options: string[]) => runCommand(['labels', '--input', exported, '--out', set, ...options]);

test('an export becomes a recording for each cylinder, with hours of each label, that train takes', async () => {
  const { code, out, errors } = await label('--margin', '60s');
  assert.equal(code, 0, errors);
  const { hours, outcomes } = JSON.parse(readFileSync(join(set, 'labels.json'), 'utf8'));
  assert.deepEqual(outcomes, { fault: 3, 'no-fault-found': 1, 'not closed': 1 });
  // Two margins of a minute around each of five incidents, and what nobody closed.
  const leftOut = (5 * 120 + 100) / 3600;
  assert.deepEqual(hours, {
    abnormal: Number((1500 / 3600).toFixed(3)),
    sound: Number((3 - 1500 / 3600 - leftOut).toFixed(3)),
    'left out': Number(leftOut.toFixed(3)),
  });
  assert.match(out, /3 cylinders, 3 of them with a fault/);
  const recordings = readdirSync(join(set, 'recordings')).map((name) => join(set, 'recordings', name));
  const model = join(folder, 'model.json');
  const trained = await runCommand(['train', '--rounds', '10', '--input', ...recordings, '--out', model]);
  assert.equal(trained.code, 0, trained.errors);
  assert.match(trained.out, /by recording or cylinder/);
});

test('faults that were closed long after their alarms are pointed out, until they end with these', async () => {
  const late = join(folder, 'late');
  cpSync(exported, late, { recursive: true });
  await writeParquet(join(late, 'incidents', 'incidents.parquet'), incidentColumns, [
    ...CYLINDERS.map((cylinder) => incident(cylinder, 'fault', 1000, 1500, 3300)),
  ]);
  const labelLate = (...options: string[]) =>
    runCommand(['labels', '--input', late, '--out', join(folder, 'late-set'), ...options]);
  const { errors } = await labelLate();
  assert.match(errors, /closed 1\.5 h, all together, after their alarms had cleared.*--until cleared/);
  assert.doesNotMatch((await labelLate('--until', 'cleared')).errors, /--until cleared/);
  assert.doesNotMatch((await label()).errors, /--until cleared/);
});

test('faults that no incident told are labelled from the maintenance log', async () => {
  const log = join(folder, 'log.csv');
  writeFileSync(log, `cylinder,begin,end\nc,${sqlTime(2600)}Z,${sqlTime(2900)}Z\n`);
  const { code, out, errors } = await label('--margin', '0s', '--faults', log);
  assert.equal(code, 0, errors);
  assert.match(out, /incidents: 4 fault, 1 no-fault-found, 1 not closed/);
  const { hours } = JSON.parse(readFileSync(join(set, 'labels.json'), 'utf8'));
  assert.equal(hours.abnormal, Number((1800 / 3600).toFixed(3)));
});

test('a policy is tuned on what is stored, each cylinder a recording, by what people found', async () => {
  const tuneOn = (...options: string[]) =>
    runCommand(['tune', '--input', exported, '--labels', 'outcomes', '--json', ...options]);
  const { code, out, errors } = await tuneOn('--max-false-per-day', '1');
  assert.equal(code, 0, errors);
  const { recordings, present, expected, chosen } = JSON.parse(out);
  assert.deepEqual(recordings, CYLINDERS);
  assert.deepEqual([present.episodes, present.detected], [3, 0], 'the default policy wakes nobody so soon');
  assert.deepEqual([expected.detected, expected.falseAlarms], [3, 0]);
  assert.ok(chosen.notifyAfterMs < 600_000);
  const several = await tuneOn('--input', join(folder, 'day.csv'), exported);
  assert.match(several.errors, /is what a pipeline stored: give it alone/);
  const unknown = await runCommand(['tune', '--input', join(folder, 'none')]);
  assert.equal(unknown.code, 2);
});

const nobodys = join(folder, 'nobodys.csv');
writeFileSync(nobodys, `begin,end\n${sqlTime(0)},${sqlTime(9)}\n`);
for (const [what, options, expected] of [
  ['a log of faults that names no cylinder', ['--faults', nobodys], /a column cylinder has to say whose/],
  ['a time without samples', ['--from', '2027-01-01'], /no samples are stored of that time/],
  ['a time that ends before it begins', ['--from', '2026-02-01', '--to', '2026-01-01'], /before --to/],
  ['a folder that is not there', ['--exported', join(folder, 'none')], /there is no such file or folder/],
] as const)
  test(`${what} is refused`, async () => {
    const { code, errors } = await label(...options);
    assert.equal(code, 2);
    assert.match(errors, expected);
  });
