import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { flood } from '../run/flood.ts';
import { type Ended, startSentinel } from '../run/start-sentinel.ts';
import { storedNumbers } from '../run/stored-samples.ts';

const scratch = scratchFolder();
const sound = join(scratch, 'sound');
const runArgs = (data: string, ...more: readonly string[]) => [
  'run',
  '--source',
  'none',
  '--data',
  data,
  '--mqtt-port',
  '0',
  ...more,
];

before(async () => {
  using sentinel = startSentinel(runArgs(sound));
  const port = await sentinel.port;
  assert.ok(port !== null);
  await flood(port, { count: 20_000 });
  sentinel.child.kill('SIGINT');
  const { code, errors } = await sentinel.ended;
  assert.equal(code, 0, errors);
});

let copies = 0;
const copyOfSound = (): string => {
  copies += 1;
  const copy = join(scratch, `copy-${copies}`);
  cpSync(sound, copy, { recursive: true });
  return copy;
};

const start = async (data: string, ...more: readonly string[]): Promise<Ended> => {
  using sentinel = startSentinel(runArgs(data, '--for', '100ms', ...more));
  return await sentinel.ended;
};

const garble = (path: string, at: number): void => {
  const file = openSync(path, 'r+');
  writeSync(file, randomBytes(64), 0, 64, at);
  closeSync(file);
};

/** Whichever blocks are in use. */
const garbleBlocks = (path: string): void => {
  for (let at = 12_288; at < statSync(path).size; at += 262_144) garble(path, at + 5000);
};

const DAMAGES: readonly (readonly [what: string, damage: (data: string) => void, words: RegExp])[] = [
  [
    'a ledger of no bytes beside stored samples',
    (data) => truncateSync(join(data, 'ledger.sqlite')),
    /ledger\.sqlite is empty or missing, but .*telemetry\.duckdb holds samples: .*--new-store ledger/,
  ],
  [
    'a ledger that is gone',
    (data) => rmSync(join(data, 'ledger.sqlite')),
    /ledger\.sqlite is empty or missing/,
  ],
  [
    'telemetry of no bytes',
    (data) => truncateSync(join(data, 'telemetry.duckdb')),
    /telemetry\.duckdb is empty or missing, but .*ledger\.sqlite has seen samples until 20.*--new-store telemetry/,
  ],
  [
    'telemetry that is gone',
    (data) => rmSync(join(data, 'telemetry.duckdb')),
    /telemetry\.duckdb is empty or missing/,
  ],
  [
    'telemetry cut in half',
    (data) =>
      truncateSync(join(data, 'telemetry.duckdb'), statSync(join(data, 'telemetry.duckdb')).size >> 1),
    /telemetry\.duckdb is damaged or was cut short: put a backup in its place/,
  ],
  [
    'telemetry with a change in each block',
    (data) => garbleBlocks(join(data, 'telemetry.duckdb')),
    /telemetry\.duckdb is damaged or was cut short/,
  ],
  [
    'telemetry with a changed header',
    (data) => garble(join(data, 'telemetry.duckdb'), 20),
    /telemetry\.duckdb is damaged/,
  ],
  [
    'a ledger that is cut',
    (data) => truncateSync(join(data, 'ledger.sqlite'), 8192),
    /ledger\.sqlite is not a sound SQLite file: move it away and put a backup/,
  ],
  [
    'text as telemetry',
    (data) => writeFileSync(join(data, 'telemetry.duckdb'), 'cylinder,t\n'.repeat(2000)),
    /telemetry\.duckdb is not a DuckDB file/,
  ],
  [
    'a folder as the ledger',
    (data) => {
      rmSync(join(data, 'ledger.sqlite'));
      mkdirSync(join(data, 'ledger.sqlite'));
    },
    /ledger\.sqlite is a folder where a file is expected: move it away/,
  ],
  [
    'a folder as the log of the telemetry',
    (data) => mkdirSync(join(data, 'telemetry.duckdb.wal')),
    /telemetry\.duckdb\.wal is a folder where a file is expected/,
  ],
  [
    'a folder in the place of the socket',
    (data) => mkdirSync(join(data, 'sentinel.sock')),
    /sentinel\.sock is in the place of this program's socket: move it away/,
  ],
  [
    'a file of somebody in the place of the socket',
    (data) => writeFileSync(join(data, 'sentinel.sock'), 'notes'),
    /sentinel\.sock is in the place of this program's socket: move it away/,
  ],
];

for (const [what, damage, words] of DAMAGES) {
  test(`${what} is said at the start, in one line, and nothing is made in its place`, async () => {
    const data = copyOfSound();
    damage(data);
    const left = readdirSync(data);
    const { code, errors } = await start(data);
    assert.match(errors, words);
    assert.equal(errors.trim().split('\n').length, 1, errors);
    assert.equal(code, 1);
    const { errors: again } = await start(data);
    assert.match(again, words);
    assert.deepEqual(readdirSync(data), left);
  });
}

test('a ledger of no bytes beside stored samples is no sound folder', async () => {
  const data = copyOfSound();
  truncateSync(join(data, 'ledger.sqlite'));
  using checking = startSentinel(['check', '--data', data]);
  const { code, lines } = await checking.ended;
  assert.equal(code, 1);
  assert.match(lines.join('\n'), /^FAULT .*ledger\.sqlite: empty, beside stored samples$/m);
});

test('what was lost is begun anew once that is asked for, and the other store goes on', async () => {
  const data = copyOfSound();
  truncateSync(join(data, 'ledger.sqlite'));
  assert.equal((await start(data, '--new-store', 'ledger')).code, 0);
  truncateSync(join(data, 'telemetry.duckdb'));
  assert.equal((await start(data)).code, 0, 'a ledger that has seen nothing lost nothing');
  assert.deepEqual(await storedNumbers(data, 'cyl-1'), []);
  const other = copyOfSound();
  rmSync(join(other, 'telemetry.duckdb'));
  assert.equal((await start(other, '--new-store', 'telemetry')).code, 0);
});

test('files that other programs made are left as they are', async () => {
  const data = join(scratch, 'foreign');
  mkdirSync(data);
  const ledger = new DatabaseSync(join(data, 'ledger.sqlite'));
  ledger.exec('CREATE TABLE contacts (name TEXT)');
  ledger.close();
  assert.match((await start(data)).errors, /ledger\.sqlite is a SQLite file of something else: move it away/);
  rmSync(join(data, 'ledger.sqlite'));
  const instance = await DuckDBInstance.create(join(data, 'telemetry.duckdb'));
  const connection = await instance.connect();
  await connection.run('CREATE TABLE contacts (name VARCHAR)');
  connection.closeSync();
  instance.closeSync();
  assert.match(
    (await start(data)).errors,
    /telemetry\.duckdb is a DuckDB file of something else: move it away/,
  );
});

test('a ledger of another user is said as such', {
  skip: process.getuid?.() !== 0 && 'only root gives files away',
}, async () => {
  const data = copyOfSound();
  chmodSync(scratch, 0o755);
  for (const name of ['', 'telemetry.duckdb']) chownSync(join(data, name), 65_534, 65_534);
  chmodSync(join(data, 'ledger.sqlite'), 0o600);
  using sentinel = startSentinel(runArgs(data, '--for', '100ms'), {
    through: ['setpriv', '--reuid=65534', '--clear-groups'],
  });
  const { errors } = await sentinel.ended;
  assert.match(
    errors,
    /ledger\.sqlite belongs to another user \(id 0\): run as the one who made it, or give it to \w+ with chown/,
  );
});
