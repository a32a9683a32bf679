import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { runSentinel } from '../run-sentinel.ts';
import { DAY_MS, MINUTE_MS, PERIOD_MS, pressShop, recordingText, START_MS } from './press-shop.ts';
import { runPlant } from './run-plant.ts';

const scratch = scratchFolder();
const file = (name: string): string => join(scratch, name);
const data = file('data');

const CYLINDERS = 6;
const DAYS = 3;
const KNOWN = ['bearing-wear', 'overload'] as const;
const POLICY = { samplePeriodMs: PERIOD_MS, windowMs: 10 * MINUTE_MS, staleAfterMs: 2 * MINUTE_MS };

const shop = pressShop({
  cylinders: CYLINDERS,
  days: DAYS,
  seed: 31,
  kinds: [...KNOWN, 'stuck-encoder'],
  isHeavy: true,
});

const ask = async (...args: readonly string[]): Promise<string> => {
  const { code, out, errors } = await runSentinel(args);
  assert.equal(code, 0, `sentinel ${args.join(' ')}: ${errors}`);
  return out;
};

/** The first model: of another shop without the third kind of fault, which presses light pieces only. */
const trainFirst = async (model: string, policy: string): Promise<void> => {
  const other = pressShop({ cylinders: 4, days: 1, seed: 7, kinds: KNOWN, isHeavy: false });
  const recordings = other.names.map((name) => {
    const path = file(`first-${name}.csv`);
    writeFileSync(path, recordingText(other, name, 1));
    return path;
  });
  await ask('train', '--rounds', '60', '--policy', policy, '--input', ...recordings, '--out', model);
};

const faultOf = ({ cylinder, beganAt, clearedAt }: IncidentRecord) =>
  shop.faults.find(
    ({ name, beginMs, endMs }) => name === cylinder && beginMs <= (clearedAt ?? Infinity) && endMs >= beganAt,
  );

/** What was really told in a time, held against what was really there. */
const truthOf = (incidents: readonly IncidentRecord[], fromDay: number, toDay: number) => {
  const [fromMs, toMs] = [START_MS + fromDay * DAY_MS, START_MS + toDay * DAY_MS];
  const told = incidents.filter(
    ({ beganAt, toldAt }) => toldAt !== null && beganAt >= fromMs && beganAt < toMs,
  );
  const faults = shop.faults.filter(({ beginMs }) => beginMs >= fromMs && beginMs < toMs);
  const found = new Set(told.flatMap((incident) => faultOf(incident) ?? []));
  const wrong = told.filter((incident) => faultOf(incident) === undefined).length;
  return {
    untold: faults.filter((fault) => !found.has(fault)),
    detectedShare: found.size / faults.length,
    falsePerDay: wrong / (CYLINDERS * (toDay - fromDay)),
  };
};

type Truth = ReturnType<typeof truthOf>;

/** What the maintenance log says of the faults that nobody was told of: noticed late, repaired in time. */
const writeLog = (path: string, { untold }: Truth): void => {
  const rows = untold.map(
    ({ name, beginMs, endMs }) =>
      `${name},${new Date(beginMs + 10 * MINUTE_MS).toISOString()},${new Date(endMs).toISOString()}\n`,
  );
  writeFileSync(path, `cylinder,begin,end\n${rows.join('')}`);
};

/** Runs some days of the shop by its models, the people in it, and gives what was really told of those days. */
const live = async (
  fromDay: number,
  toDay: number,
  models: Readonly<{ champion: string; challenger?: string }>,
) => {
  const incidents = await runPlant({
    folder: data,
    policy: { default: POLICY },
    models,
    fromMs: START_MS + fromDay * DAY_MS,
    toMs: START_MS + toDay * DAY_MS,
    samples: shop.samples,
    findingOf: (incident) => {
      const fault = faultOf(incident);
      return fault === undefined ? { outcome: 'no-fault-found' } : { outcome: 'fault', mode: fault.kind };
    },
  });
  return truthOf(incidents, fromDay, toDay);
};

const EXPECTED = v.object({ estimate: v.number(), low: v.number(), high: v.number() });
const faultsADay = shop.faults.length / DAYS;

const REPORT = v.object({
  objections: v.array(v.string()),
  isBetter: v.boolean(),
  evidence: v.object({ truth: v.string(), faults: v.number() }),
  expected: v.object({ change: v.object({ detectedShare: EXPECTED, falsePerDay: EXPECTED }) }),
});

test('what people find makes a model that tells a fault the first one did not know, with fewer false alarms, as the report said', async () => {
  const [model, challenger, policy, report] = ['model.json', 'new.json', 'policy.json', 'report.json'].map(
    file,
  );
  const [log, set] = [file('log.csv'), file('set')];
  assert.ok(model !== undefined && challenger !== undefined && policy !== undefined && report !== undefined);
  writeFileSync(policy, JSON.stringify({ default: POLICY }));
  await trainFirst(model, policy);

  const before = await live(0, 1, { champion: model });
  assert.deepEqual(
    [...new Set(before.untold.map(({ kind }) => kind))],
    ['stuck-encoder'],
    'the first model does not know this fault, and knows the others',
  );
  assert.ok(before.falsePerDay > 1, 'and takes heavier pieces for a fault');

  writeLog(log, before);
  await ask('labels', '--data', data, '--faults', log, '--margin', '5m', '--out', set);
  const recordings = readdirSync(join(set, 'recordings')).map((name) => join(set, 'recordings', name));
  await ask('train', '--rounds', '80', '--policy', policy, '--input', ...recordings, '--out', challenger);

  const trial = await live(1, 2, { champion: model, challenger });
  writeLog(log, trial);
  const text = await ask(
    ...['challenge', 'report', '--data', data, '--faults', log, '--policy', policy, '--out', report],
  );
  assert.match(text, /The evidence is for the challenger\.$/);
  const { objections, isBetter, evidence, expected } = v.parse(
    REPORT,
    JSON.parse(readFileSync(report, 'utf8')),
  );
  assert.deepEqual([objections, isBetter], [[], true]);
  assert.deepEqual(
    evidence,
    { truth: 'outcomes', faults: faultsADay },
    'faults of the trial alone, each once',
  );
  assert.ok(expected.change.falsePerDay.high < 0, 'it promises fewer false alarms');
  assert.ok(expected.change.detectedShare.estimate > 0, 'and more faults that are told');

  await ask('model', 'promote', '--champion', model, '--challenger', challenger, '--report', report);
  const after = await live(2, 3, { champion: model });
  const isWithin = ({ low, high }: Readonly<{ low: number; high: number }>, value: number): boolean =>
    value >= low && value <= high;
  assert.ok(after.detectedShare > trial.detectedShare);
  assert.ok(after.falsePerDay < trial.falsePerDay);
  assert.ok(isWithin(expected.change.detectedShare, after.detectedShare - trial.detectedShare));
  assert.ok(isWithin(expected.change.falsePerDay, after.falsePerDay - trial.falsePerDay));
});
