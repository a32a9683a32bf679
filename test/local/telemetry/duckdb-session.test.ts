import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckDbSession } from '../../../local/telemetry/duckdb-session.ts';
import type { OpenDuckDb } from '../../../local/telemetry/open-duckdb.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const folder = scratchFolder();
const fatal = () => Promise.reject(new Error('FATAL Error: the database has been invalidated'));
const ordinary = () => Promise.reject(new Error('Constraint Error: no\nand why'));

const count = async ({ writer }: OpenDuckDb): Promise<unknown> =>
  (await writer.runAndReadAll('SELECT count(*)::INTEGER FROM numbers')).getRows();

test('after a fatal error the store is opened anew for the next write, and after an ordinary one it is not', async () => {
  const session = await openDuckDbSession(join(folder, 'fatal.duckdb'));
  const first = await session.write(async (store) => {
    await store.writer.run('CREATE TABLE numbers AS SELECT 1 AS n');
    return store;
  });
  await assert.rejects(session.write(ordinary), /failed: Constraint Error: no\.$/);
  await session.write(async (store) => assert.equal(await Promise.resolve(store), first));
  await assert.rejects(session.write(fatal), /invalidated/);
  await session.write(async (store) => {
    assert.notEqual(store, first);
    assert.deepEqual(await count(store), [[1]]);
  });
  const rows = await session.read(async (reader) =>
    (await reader.runAndReadAll('SELECT n FROM numbers')).getRows(),
  );
  assert.deepEqual(rows, [[1]]);
  await session.close();
});

test('where it cannot be opened anew, every write says so until it can', async () => {
  const path = join(folder, 'stubborn.duckdb');
  const session = await openDuckDbSession(path);
  await session.write(async ({ writer }) => {
    await writer.run('CREATE TABLE numbers AS SELECT 1 AS n');
    await writer.run('CHECKPOINT');
  });
  await assert.rejects(session.write(fatal));
  renameSync(path, `${path}.aside`);
  writeFileSync(path, 'x'.repeat(20_000));
  await assert.rejects(session.write(count), /is not a DuckDB file/);
  await assert.rejects(session.write(count), /is not a DuckDB file/);
  renameSync(`${path}.aside`, path);
  assert.deepEqual(await session.write(count), [[1]]);
  await session.close();
});

test('a store that is broken when it is closed is let go of', async () => {
  const path = join(folder, 'broken.duckdb');
  const session = await openDuckDbSession(path);
  await assert.rejects(session.write(fatal));
  await session.close();
  await (await openDuckDbSession(path)).close();
});

test('a store is closed while a transaction of its upkeep is under way, of which nothing stays', async () => {
  const path = join(folder, 'under-way.duckdb');
  const session = await openDuckDbSession(path);
  await session.write(({ writer }) =>
    writer.run("INSERT INTO late_hours VALUES ('c', TIMESTAMP '2026-01-01', 1)"),
  );
  await session.keep(async (keeper) => {
    await keeper.run('BEGIN');
    await keeper.run('UPDATE late_hours SET noted = 2');
  });
  await session.close();
  const again = await openDuckDbSession(path);
  const rows = await again.read((reader) => reader.runAndReadAll('SELECT noted FROM late_hours'));
  assert.deepEqual(rows.getRows(), [[1n]]);
  await again.close();
});
