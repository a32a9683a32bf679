import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { exportStore } from '../../../local/exchange/export-folder.ts';

import {
  ALL,
  assertSame,
  CLEARED,
  DAY_MS,
  exportFrom,
  importInto,
  OPEN,
  place,
  rowsOf,
  SAMPLES,
  storeIn,
  T,
  telemetryIn,
} from './exchange-places.ts';

const filled = place();
await storeIn(filled, SAMPLES, [CLEARED, OPEN]);

test('what was exported is the same in another data folder, to the last bit, and imported again nothing changes', async () => {
  const { to, last } = await exportFrom(filled);
  assert.deepEqual(last, { files: 4, ofFiles: 4, samples: SAMPLES.length, incidents: 2 });
  const other = place();
  const { stored, repeated, incidents, refused } = await importInto(other, to);
  assert.deepEqual([stored, repeated, incidents, refused], [SAMPLES.length, 0, 2, 0]);
  await assertSame(other, filled);
  const again = await importInto(other, to);
  assert.deepEqual([again.stored, again.repeated, again.incidents, again.refused], [0, SAMPLES.length, 0, 0]);
  await assertSame(other, filled);
  assert.equal((await exportFrom(other)).last?.samples, SAMPLES.length);
});

test('days and cylinders are folders that DuckDB reads as columns, and no file says twice what its path says', async () => {
  const { to } = await exportFrom(filled);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const glob = `${to.replaceAll("'", "''")}/samples/*/*/*.parquet`;
  const found = await connection.runAndReadAll(
    `SELECT day::VARCHAR, cylinder, count(*)::INTEGER FROM read_parquet('${glob}', hive_partitioning = true, hive_types_autocast = false) GROUP BY ALL ORDER BY ALL`,
  );
  assert.deepEqual(found.getRows(), [
    ['2026-01-05', '007', 1],
    ['2026-01-05', 'cyl-07', 240],
    ['2026-01-05', 'line:7_b', 50],
    ['2026-01-06', 'cyl-07', 360],
  ]);
  const columns = await connection.runAndReadAll(
    `SELECT DISTINCT name FROM parquet_schema('${glob}') WHERE name IN ('cylinder', 'day')`,
  );
  assert.deepEqual(columns.getRows(), []);
  connection.closeSync();
  instance.closeSync();
});

test('an export has the time and the cylinder that were asked for alone', async () => {
  const asked = { fromMs: T + 10_000, toMs: T + 20_000, cylinder: 'cyl-07' };
  const { to, last } = await exportFrom(filled, asked);
  assert.deepEqual([last?.files, last?.samples, last?.incidents], [1, 20, 0]);
  const other = place();
  await importInto(other, to);
  const [row] = await rowsOf(other, 'SELECT min(seq) AS first, max(seq) AS last FROM samples');
  assert.deepEqual(row, { first: '20', last: '39' });
  const evil = await exportFrom(filled, { cylinder: "x' OR true --" });
  assert.deepEqual([evil.last?.files, evil.last?.samples], [0, 0]);
});

test('a broken-off export says so, is not imported by mistake, and is gone on with where the same is asked for', async () => {
  const to = place();
  for await (const { files } of exportStore(telemetryIn(filled), { ...ALL, to })) if (files === 2) break;
  const other = place();
  await assert.rejects(importInto(other, to), /was broken off: export the same again/);
  const { stored, files } = await importInto(other, to, true);
  assert.equal(files, 3);
  assert.ok(stored > 0 && stored < SAMPLES.length);
  await assert.rejects(exportFrom(filled, { to, toMs: T }), /an export from .* was broken off in/);
  assert.equal((await exportFrom(filled, { to })).last?.samples, SAMPLES.length);
  await importInto(other, to);
  await assertSame(other, filled);
  const held = `holds a finished export from ${new Date(ALL.fromMs).toISOString()} to ${new Date(ALL.toMs).toISOString()}, with ${SAMPLES.length} samples: name another folder, or remove that one`;
  await assert.rejects(exportFrom(filled, { to }), (error) => String(error).endsWith(held));
});

test('nothing of somebody else is written over', async () => {
  const to = place();
  mkdirSync(to);
  writeFileSync(join(to, 'mine.txt'), 'mine');
  await assert.rejects(
    exportFrom(filled, { to }),
    /is a folder with something else in it: name a folder that/,
  );
  await assert.rejects(
    exportFrom(filled, { to: join(to, 'mine.txt') }),
    /mine\.txt is a file: name a folder/,
  );
  assert.deepEqual(readdirSync(to), ['mine.txt']);
  writeFileSync(join(to, 'export.json'), '{"format":99}');
  await assert.rejects(
    exportFrom(filled, { to }),
    /not that of an export of this program, or of a newer one/,
  );
});

test('an empty store and an empty time make an export of nothing, which can be imported', async () => {
  const { to, last } = await exportFrom(filled, { fromMs: T + 10 * DAY_MS, toMs: T + 11 * DAY_MS });
  assert.deepEqual(last, { files: 0, ofFiles: 0, samples: 0, incidents: 0 });
  assert.match(readFileSync(join(to, 'export.json'), 'utf8'), /"finished": true/);
  const { stored, incidents } = await importInto(place(), to);
  assert.deepEqual([stored, incidents], [0, 0]);
  rmSync(to, { recursive: true });
});
