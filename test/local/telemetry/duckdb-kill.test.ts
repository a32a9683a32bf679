import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { runUntilKilled } from '../../contract/run-until-killed.ts';
import { runWithFullDisk } from '../../contract/run-with-full-disk.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { sample } from '../../fixture/stored-sample.ts';

const script = join(import.meta.dirname, 'write-until-it-ends.ts');
const folder = scratchFolder();

const storedSeqs = async (path: string): Promise<readonly number[]> => {
  const telemetry = await openDuckDbTelemetry({ path });
  const rows = await telemetry.query('SELECT seq FROM samples ORDER BY seq');
  await telemetry.close();
  return rows.map(({ seq }) => Number(seq));
};

const upTo = (end: number): readonly number[] => Array.from({ length: end }, (_, index) => index);

test('killed at any moment, the store has every acknowledged sample once, and whole batches only', async () => {
  const path = join(folder, 'killed.duckdb');
  let acknowledged = 0;
  for (let round = 0; round < 5; round += 1) {
    const lines = await runUntilKilled({
      script,
      // What was not acknowledged is written again, as a gateway would send it again.
      args: [path, String(acknowledged)],
      afterLines: randomInt(1, 30),
      thenMs: randomInt(20),
    });
    acknowledged = Number(lines.at(-1));
    const stored = await storedSeqs(path);
    assert.ok(stored.length >= acknowledged);
    assert.ok(stored.length - acknowledged <= 10);
    assert.deepEqual(stored, upTo(stored.length));
  }
});

test('on a full disk a write is refused with what to do, and the store is sound and goes on afterwards', async () => {
  const path = join(folder, 'full.duckdb');
  const lines = (await runWithFullDisk(script, [path], 400)).trim().split('\n');
  assert.equal(
    lines.at(-1),
    `The telemetry store ${path} cannot grow, because the disk is full: free some space and start it again, with --keep-gb if it is to take less.`,
  );
  const acknowledged = Number(lines.at(-2));
  assert.deepEqual(await storedSeqs(path), upTo(acknowledged));
  const telemetry = await openDuckDbTelemetry({ path });
  const again = [sample({ seq: acknowledged - 1 }), sample({ seq: acknowledged })];
  assert.deepEqual(await telemetry.write(again), { stored: 1, repeated: 1, rejected: [] });
  await telemetry.close();
});
