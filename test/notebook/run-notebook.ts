/**
 * `npm run test:notebook`: executes the notebook over an export of a made incident. What Python needs is installed into
 * `.cache/notebook` on first use, as docs/notebooks/requirements.txt names it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportStore } from '../../local/exchange/export-folder.ts';
import { openDataFolder } from '../../local/run/data-folder.ts';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { incidentRecord } from '../fixture/incident-record.ts';
import { sample } from '../fixture/stored-sample.ts';

const ROOT = join(import.meta.dirname, '../..');
const NOTEBOOKS = join(ROOT, 'docs/notebooks');
const T = Date.UTC(2026, 0, 5, 23, 30);

const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void => {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  assert.equal(status, 0, error?.message ?? `${command} ended with ${status}`);
};

const makeExport = async (folder: string): Promise<string> => {
  const { telemetry: path } = openDataFolder(join(folder, 'data'));
  const telemetry = await openDuckDbTelemetry({ path });
  const isAbnormal = (seq: number): boolean => seq >= 1800 && seq < 2400;
  await telemetry.write(
    Array.from({ length: 3600 }, (_, seq) =>
      sample({
        seq,
        t: T + seq * 1000,
        receivedAt: T + seq * 1000,
        probability: isAbnormal(seq) ? 0.9 : 0.1,
      }),
    ),
  );
  await telemetry.recordIncident(
    incidentRecord({
      beganAt: T + 1_800_000,
      raisedAt: T + 1_840_000,
      lastAbnormalAt: T + 2_399_000,
      clearedAt: T + 2_700_000,
      why: [0.1, 2.5, -0.5, 0, 0, 0.2],
    }),
  );
  await telemetry.close();
  const to = join(folder, 'export');
  const asked = { to, fromMs: T, toMs: T + 3_600_000, cylinder: null };
  assert.equal((await Array.fromAsync(exportStore(path, asked))).at(-1)?.samples, 3600);
  return to;
};

/** Python that has what the notebook needs. */
const python = (): string => {
  const place = process.env.SENTINEL_NOTEBOOK_PYTHON;
  if (place !== undefined) return place;
  const folder = join(ROOT, '.cache/notebook');
  const found = join(folder, 'bin/python');
  if (!existsSync(found)) run('python3', ['-m', 'venv', folder]);
  run(found, ['-m', 'pip', 'install', '-q', '-r', join(NOTEBOOKS, 'requirements.txt')]);
  return found;
};

const EXECUTE = `
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], 4)
NotebookClient(book, timeout=300).execute()
nbformat.write(book, sys.argv[2])
`;

const scratch = mkdtempSync(join(tmpdir(), 'sentinel-notebook-'));
try {
  const done = join(scratch, 'done.ipynb');
  run(python(), ['-c', EXECUTE, join(NOTEBOOKS, 'incident-course.ipynb'), done], {
    SENTINEL_EXPORT: await makeExport(scratch),
  });
  const text = readFileSync(done, 'utf8');
  // The samples from ten minutes before to ten after, and two drawings.
  assert.match(text, /"text\/plain": \[\s*"1800"\s*\]/);
  assert.equal(text.split('"image/png"').length - 1, 2);
  process.stdout.write('the notebook was executed: 1800 samples, two drawings\n');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
