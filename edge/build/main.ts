import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cardPath } from '../model/calibration/calibrated-model.ts';
import { loadModel } from '../model/formats/read-model.ts';
import { buildPackages, hasSdk, installDrivers, installSdk } from './build-packages.ts';
import type { ZipEntry } from './package-files.ts';

/** `npm run build:edge`: all packages of the edge, into build/edge/. No account is needed, and after the first time no network. */

const ROOT = join(import.meta.dirname, '../..');
const MEGABYTE = 2 ** 20;

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'build/edge') },
    version: { type: 'string', default: String(version) },
    model: { type: 'string', default: join(ROOT, 'edge/model/simulated-line.json') },
    'model-version': { type: 'string', default: String(version) },
    artifacts: { type: 'string' },
  },
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const modelFiles = (path: string): readonly ZipEntry[] => {
  if (!statSync(path).isDirectory()) {
    const model = { path: 'xgboost-model', bytes: readFileSync(path) };
    const card = cardPath(path);
    return existsSync(card) ? [model, { path: 'model.card.json', bytes: readFileSync(card) }] : [model];
  }
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ path: name, bytes: readFileSync(join(path, name)) }));
};

const checked = await loadModel(values.model);
if (!checked.ok) {
  process.stderr.write(`${checked.error.message}\n`);
  process.exit(2);
}
if (!hasSdk()) print('installing the AWS IoT Device SDK, once');
const artifacts = buildPackages({
  root: ROOT,
  sdkFolder: await installSdk(),
  driverFolders: await installDrivers(),
  version: values.version,
  model: modelFiles(values.model),
  modelVersion: values['model-version'],
  artifacts: values.artifacts ?? `s3://ARTIFACT_BUCKET/cylinder-sentinel-edge/${values.version}`,
});
rmSync(values.out, { recursive: true, force: true });
mkdirSync(values.out, { recursive: true });
const files = artifacts.map(({ name, bytes }) => {
  writeFileSync(join(values.out, name), bytes);
  print(`${name.padEnd(34)}${(bytes.length / MEGABYTE).toFixed(2).padStart(6)} MB`);
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
});
const manifest = { version: values.version, modelVersion: values['model-version'], files };
writeFileSync(join(values.out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
print(`in ${values.out}`);
