import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';

const WITHIN_MS = 120_000;

/** The row is in XGBoost's own matrix already, and one thread is all that one row is good for. */
const PROGRAM = `
import sys, time, numpy, xgboost
booster = xgboost.Booster({'nthread': 1}); booster.load_model(sys.argv[1])
booster.set_param({'nthread': 1})
row = xgboost.DMatrix(numpy.array([[50, 2.5, 2, 3.4, 41, 1180]], dtype=numpy.float32), nthread=1,
    feature_names=booster.feature_names)
best = 1e9
for _ in range(20):
    started = time.perf_counter()
    for _ in range(50): booster.predict(row, pred_contribs=True)
    best = min(best, (time.perf_counter() - started) / 50)
print(xgboost.__version__, best * 1e6)
`;

export type PythonFigure =
  | Readonly<{ ok: true; version: string; microseconds: number }>
  | Readonly<{ ok: false; reason: string }>;

/** What one row's pred_contribs costs Python's xgboost; SENTINEL_PYTHON names an interpreter that has it. */
export const pythonContributions = async (json: string): Promise<PythonFigure> => {
  const python = process.env.SENTINEL_PYTHON ?? 'python3';
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
  try {
    const file = join(folder, 'model.json');
    writeFileSync(file, json);
    const { stdout } = await promisify(execFile)(python, ['-c', PROGRAM, file], { timeout: WITHIN_MS });
    const [version, microseconds] = v.parse(v.tuple([v.string(), v.string()]), stdout.trim().split(' '));
    return { ok: true, version, microseconds: Number(microseconds) };
  } catch {
    return {
      ok: false,
      reason: `${python} has no xgboost that answers (SENTINEL_PYTHON names another interpreter)`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
