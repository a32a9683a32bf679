import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { modelLabel } from '../../../edge/model/model.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { bytesOf, stump } from '../../edge/model/stump.ts';
import { runSentinel } from '../run-sentinel.ts';

const scratch = scratchFolder();

const label = async (path: string): Promise<string> => {
  const loaded = await loadModel(path);
  return loaded.ok ? modelLabel(loaded.model) : assert.fail(loaded.error.message);
};

/** A folder with a champion, a challenger with a card, and a report on both. */
const folderWith = async (objections: readonly string[], before: readonly string[] = []) => {
  const folder = mkdtempSync(join(scratch, 'models-'));
  const [champion, challenger, report] = ['champion.json', 'challenger.json', 'report.json'].map((file) =>
    join(folder, file),
  );
  assert.ok(champion !== undefined && challenger !== undefined && report !== undefined);
  writeFileSync(champion, bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })));
  writeFileSync(challenger, bytesOf(stump({ feature: 1, split: 2, left: -1, right: 1 })));
  writeFileSync(join(folder, 'challenger.card.json'), JSON.stringify({ objective: 'binary:logistic' }));
  const side = { detected: 1, false: 0, unjudged: 0 };
  const document = {
    v: 1,
    data: { file: 'telemetry.duckdb', samples: 90_000 },
    policy: { champion: 'policy.json sha256:aa', challenger: 'policy.json sha256:aa' },
    trial: {
      champions: [await label(champion), ...before],
      challengers: [await label(challenger)],
      samples: 90_000,
      scoredMs: 90_000_000,
    },
    evidence: { truth: 'outcomes', faults: 1, champion: side, challenger: side },
    objections,
  };
  writeFileSync(report, JSON.stringify(document));
  const promote = (...more: readonly string[]) =>
    runSentinel(['model', 'promote', '--champion', champion, '--challenger', challenger, ...more]);
  const version = async (path = champion) => (await label(path)).split('@')[1];
  return { folder, champion, challenger, report, promote, version };
};

const cardOf = (champion: string): Record<string, unknown> =>
  JSON.parse(readFileSync(champion.replace('.json', '.card.json'), 'utf8'));

test('a challenger with nothing against it takes the place of the champion, which is kept', async () => {
  const { folder, champion, challenger, report, promote, version } = await folderWith([]);
  const [before, wanted] = [await version(), await version(challenger)];
  const { code } = await promote('--report', report);
  assert.equal(code, 0);
  assert.equal(await version(), wanted);
  assert.equal(await version(join(folder, `former-${before}-champion.json`)), before);
  const { objective, promotion } = cardOf(champion);
  assert.equal(objective, 'binary:logistic');
  assert.match(JSON.stringify(promotion), /"data":\{"file":"telemetry.duckdb","samples":90000\}/);
  assert.match(JSON.stringify(promotion), /"policy":"policy.json sha256:aa"/);
  assert.match(JSON.stringify(promotion), /report.json sha256:[0-9a-f]{64}"/);
  assert.equal(readFileSync(join(folder, 'promotions.jsonl'), 'utf8').split('\n').length, 2);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    [],
  );
});

test('one that the evidence is against is refused with the reasons, and nothing changes', async () => {
  const { folder, champion, report, promote, version } = await folderWith([
    'it would have given 3 false alarms',
  ]);
  const [before, files] = [await version(), readdirSync(folder)];
  const { code, errors } = await promote('--report', report);
  assert.equal(code, 1);
  assert.match(errors, /is not promoted:\n {2}it would have given 3 false alarms/);
  assert.equal(await version(champion), before);
  assert.deepEqual(readdirSync(folder), files);
});

test('force needs a reason, and the card keeps it with what it went against', async () => {
  const { champion, report, promote } = await folderWith(['it would have given 3 false alarms']);
  assert.equal((await promote('--report', report, '--force')).code, 2);
  const { code } = await promote(
    '--report',
    report,
    '--force',
    '--reason',
    'the old one knows the old press',
  );
  assert.equal(code, 0);
  assert.match(
    JSON.stringify(cardOf(champion).promotion),
    /"forced":\{"reason":"the old one knows the old press","against":\["it would have given 3 false alarms"\]\}/,
  );
});

test('without a report, or with one on another model, it is refused', async () => {
  const { challenger, report, promote } = await folderWith([]);
  const { code, errors } = await promote();
  assert.equal(code, 1);
  assert.match(errors, /there is no report/);
  writeFileSync(challenger, bytesOf(stump({ feature: 0, split: 40, left: -1, right: 1 })));
  const other = await promote('--report', report);
  assert.equal(other.code, 1);
  assert.match(other.errors, /the report is on challenger.json@[0-9a-f]+, and this is challenger.json@/);
});

test('a report in which another model was the champion for a part is refused', async () => {
  const { report, promote } = await folderWith([], ['older.json@0123456789ab']);
  const { code, errors } = await promote('--report', report);
  assert.equal(code, 1);
  assert.match(errors, /against champion\.json@\w+ and older\.json@0123456789ab, .* is in force: --from/);
});

test('for Greengrass it writes a new version of the model component, and leaves the champion as it is', async () => {
  const { folder, report, promote, version } = await folderWith([]);
  const before = await version();
  const out = join(folder, 'component');
  const { code, errors } = await promote(
    ...['--report', report, '--greengrass', out, '--component-version', '1.4.0'],
  );
  assert.equal(code, 0);
  assert.match(errors, /your bucket in the place of ARTIFACT_BUCKET/);
  assert.match(
    errors,
    /AnomalyDetectionModel\.zip s3:\/\/ARTIFACT_BUCKET\/cylinder-sentinel-model\/1\.4\.0\//,
  );
  assert.equal(await version(), before);
  assert.match(readFileSync(join(out, 'model-recipe.yaml'), 'utf8'), /ComponentVersion: "?1\.4\.0/);
  const archive = readFileSync(join(out, 'AnomalyDetectionModel.zip'));
  for (const name of ['xgboost-model', 'model.card.json', 'place-model.sh'])
    assert.ok(archive.includes(name), `${name} is in the archive`);
  assert.match(readFileSync(join(out, 'model.card.json'), 'utf8'), /"promotion"/);
});
