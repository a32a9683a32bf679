import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { contributions } from '../../../edge/model/explain/contributions.ts';
import { readBinary } from '../../../edge/model/formats/read-binary.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { writeJson } from '../../../edge/model/formats/write-json.ts';
import type { Model } from '../../../edge/model/model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { answer } from '../processes/answer.ts';
import { sensorRows, trainPeer } from './forests.ts';
import { onnxModel } from './onnx-model.ts';

/** What one row costs, by our scorer and by its peers, in turns: what else the machine does meets all of them. */

const size = v.object({ trees: v.number(), depth: v.number(), onnxFolder: v.nullable(v.string()) });

const ROUNDS = 15;
const ROUND_MS = 15;
const ROWS = sensorRows(256, 11);

type Run = (count: number) => void | Promise<void>;

/** The quickest of some rounds, µs a row: whatever disturbs a round only ever adds. */
const quickest = async (runs: Readonly<Record<string, Run>>): Promise<Record<string, number>> => {
  const best: Record<string, number> = {};
  const counts: Record<string, number> = {};
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      const count = counts[name] ?? 50;
      const started = performance.now();
      await run(count);
      const ms = performance.now() - started;
      counts[name] = Math.max(20, Math.ceil((count * ROUND_MS) / Math.max(ms, 0.1)));
      // The first round is for the compiler.
      if (round > 0) best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, (1000 * ms) / count);
    }
  }
  return best;
};

const rowAt = (index: number) => ROWS[index % ROWS.length] ?? [];
const tensorSchema = v.object({ data: v.instance(Float32Array) });

const onnxRun = async (
  folder: string,
  model: Model,
): Promise<{ run: Run; one: (row: readonly number[]) => Promise<number> }> => {
  const ort = createRequire(join(folder, 'package.json'))('onnxruntime-node');
  const session = await ort.InferenceSession.create(onnxModel(model), { intraOpNumThreads: 1 });
  const one = async (row: readonly number[]) => {
    const fed = { row: new ort.Tensor('float32', Float32Array.from(row), [1, 6]) };
    const { margin } = await session.run(fed);
    return v.parse(tensorSchema, margin).data[0] ?? Number.NaN;
  };
  return {
    one,
    run: async (count) => {
      for (let index = 0; index < count; index += 1) await one(rowAt(index));
    },
  };
};

const agree = (their: number | undefined, own: number): void => {
  if (!(Math.abs((their ?? Number.NaN) - own) < 1e-5)) throw new Error(`${their} is not ${own}`);
};

const measure = async (about: unknown): Promise<Record<string, number>> => {
  const { onnxFolder, ...wanted } = v.parse(size, about);
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
  try {
    const peer = await trainPeer(wanted);
    const file = join(folder, 'model');
    writeFileSync(file, peer.file);
    const loaded = await loadModel(file);
    if (!loaded.ok) throw new Error(loaded.error.message);
    const { model } = loaded;
    const onnx = onnxFolder === null ? null : await onnxRun(onnxFolder, model);
    for (const row of ROWS) {
      const { probability, margin } = score(model, row);
      agree(peer.predict([row])[0], probability);
      if (onnx !== null) agree(await onnx.one(row), margin ?? Number.NaN);
    }
    const figures = await quickest({
      score: (count) => {
        for (let index = 0; index < count; index += 1) score(model, rowAt(index));
      },
      contributions: (count) => {
        for (let index = 0; index < count; index += 1) contributions(model, rowAt(index));
      },
      mlXgboost: (count) => {
        for (let index = 0; index < count; index += 1) peer.predict([rowAt(index)]);
      },
      ...(onnx === null ? {} : { onnxruntime: onnx.run }),
    });
    return { ...figures, nodes: model.boosters[0]?.forest.left.length ?? 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The model as XGBoost's JSON, for peers of other languages. */
const json = async (about: unknown): Promise<string> => {
  const { file } = await trainPeer(v.parse(size, about));
  return writeJson({ ...readBinary(file), xgboost: [1, 7], baseScore: 0.5 });
};

/** The same model in the headerless binary format, base64. */
const binary = async (about: unknown): Promise<string> => {
  const { file } = await trainPeer(v.parse(size, about));
  return Buffer.from(file).toString('base64');
};

answer({ measure, json, binary });
