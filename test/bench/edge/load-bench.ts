import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { encodePickle } from '../../edge/model/encode-pickle.ts';
import { encodeTar } from '../../edge/model/encode-tar.ts';
import { encodeUbjson } from '../../edge/model/encode-ubjson.ts';
import type { Bench, Figure } from '../figure.ts';
import { startProcess } from '../processes/start-process.ts';

const SIZE = { trees: 100, depth: 6, onnxFolder: null };
const STARTS = 5;
const LOADS = 10;
const FOLDS = 3;

/** The model in every format, by the name of the format: a file, or a folder. */
const writeModels = async (folder: string): Promise<readonly (readonly [format: string, path: string])[]> => {
  const process = startProcess({ script: '../edge/one-row.ts' });
  const json = await process.ask(v.string(), 'json', SIZE);
  const binary = Buffer.from(await process.ask(v.string(), 'binary', SIZE), 'base64');
  await process.end();
  const ubjson = encodeUbjson(JSON.parse(json));
  const files: Readonly<Record<string, Uint8Array>> = {
    JSON: Buffer.from(json),
    UBJSON: ubjson,
    'legacy binary': binary,
    'legacy binary, binf': Buffer.concat([Buffer.from('binf'), binary]),
    pickle: encodePickle(ubjson),
    'model.tar.gz': gzipSync(encodeTar([{ name: 'xgboost-model', bytes: binary }])),
  };
  const written = Object.entries(files).map(([format, bytes], index) => {
    const path = join(folder, `model-${index}`);
    writeFileSync(path, bytes);
    return [format, path] as const;
  });
  const folds = join(folder, 'folds');
  mkdirSync(folds);
  for (let fold = 0; fold < FOLDS; fold += 1) writeFileSync(join(folds, `xgboost-model-${fold}`), ubjson);
  return [...written, [`${FOLDS} folds of UBJSON`, folds]];
};

async function* run(): AsyncGenerator<Figure | string> {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
  try {
    for (const [format, path] of await writeModels(folder)) {
      const [cold, warm]: [number[], number[]] = [[], []];
      for (let start = 0; start < STARTS; start += 1) {
        const process = startProcess({ script: '../edge/load-model-file.ts' });
        cold.push(await process.ask(v.number(), 'load', path));
        for (let load = 0; load < LOADS; load += 1) warm.push(await process.ask(v.number(), 'load', path));
        await process.end();
      }
      yield { what: `${format}, the first of a process`, value: Math.min(...cold), unit: 'ms', atMost: 20 };
      yield { what: `${format}, later ones`, value: Math.min(...warm), unit: 'ms', atMost: 20 };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reading and checking a model file. */
export const loadBench: Bench = {
  name: 'load',
  summary: 'a model of 100 trees of depth 6 in every format',
  run,
};
