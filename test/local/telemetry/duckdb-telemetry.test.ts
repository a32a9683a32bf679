import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { openDuckDb } from '../../../local/telemetry/open-duckdb.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { inOrder, sample } from '../../fixture/stored-sample.ts';
import { readSamples } from './read-telemetry.ts';

const folder = scratchFolder();
const pathOf = (name: string): string => join(folder, name);

const inStore =
  (use: (telemetry: DuckDbTelemetry, path: string) => Promise<void>) => async (t: { name: string }) => {
    const path = pathOf(`${t.name.replaceAll(/\W/g, '-')}.duckdb`);
    const telemetry = await openDuckDbTelemetry({ path });
    await use(telemetry, path);
    await telemetry.close();
  };

const seqs = (from: number, to: number, step = 1): readonly StoredSample[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => {
    const seq = from + index * step;
    return sample({ seq, t: 1_763_800_000_000 + seq * 1000 });
  });

const unnumbered = (samples: readonly StoredSample[]): readonly StoredSample[] =>
  samples.map((one) => ({ ...one, boot: null, seq: null }));

test(
  'an analyst finds columns by their names, and times in UTC',
  inStore(async (telemetry) => {
    await telemetry.write([sample({ t: Date.UTC(2026, 0, 2, 23, 30) })]);
    const [row] = await telemetry.query(
      `SELECT t::VARCHAR AS t, date_trunc('day', t)::VARCHAR AS day, "rVibration_Temp" AS temperature, why[2] AS why
       FROM samples WHERE cylinder = $1`,
      ['cyl-07'],
    );
    assert.deepEqual(row, {
      t: '2026-01-02 23:30:00',
      day: '2026-01-02 00:00:00',
      temperature: 48.2,
      why: 1.8,
    });
  }),
);

for (const [kind, shaped] of [
  ['numbered', (samples: readonly StoredSample[]) => samples],
  ['unnumbered', unnumbered],
] as const) {
  test(
    `${kind} samples that drain behind newer ones are stored once, with more gaps than are remembered`,
    inStore(async (telemetry) => {
      const odd = shaped(seqs(1, 601, 2));
      const all = shaped(seqs(0, 600));
      assert.equal((await telemetry.write(odd)).stored, 300);
      assert.deepEqual(await telemetry.write([...all, ...all]), { stored: 300, repeated: 900, rejected: [] });
      assert.deepEqual(await telemetry.write(all), { stored: 0, repeated: 600, rejected: [] });
      assert.deepEqual(inOrder(await readSamples(telemetry)), inOrder(all));
    }),
  );

  test(`${kind} samples are known again after a restart, with gaps and without`, async () => {
    const path = pathOf(`restart-${kind}.duckdb`);
    const steps = [
      shaped(seqs(0, 10).filter(({ seq }) => seq !== 5)),
      shaped(seqs(0, 10)),
      shaped(seqs(5, 15)),
      shaped(seqs(20, 30)),
      shaped(seqs(0, 40)),
    ];
    const stored: number[] = [];
    for (const samples of steps) {
      const telemetry = await openDuckDbTelemetry({ path });
      stored.push((await telemetry.write(samples)).stored);
      await telemetry.close();
    }
    assert.deepEqual(stored, [9, 1, 5, 10, 15]);
  });
}

const lineOf = (cylinders: number, from: number, to: number): readonly StoredSample[] =>
  seqs(from, to).flatMap((one) =>
    Array.from({ length: cylinders }, (_, index) => ({
      ...one,
      cylinder: `cyl-${index}`,
      ...(index % 3 === 0 ? { boot: null, seq: null } : {}),
    })),
  );

test('with far more series than are remembered, and after each restart, samples are stored once', async () => {
  const path = pathOf('cyclic.duckdb');
  for (const from of [0, 4]) {
    const telemetry = await openDuckDbTelemetry({ path, maxSeries: 4 });
    const cycle = lineOf(9, from + (from === 0 ? 0 : 1), from + 4);
    for (const one of cycle) assert.equal((await telemetry.write([one])).stored, 1);
    const all = await telemetry.write(lineOf(9, 0, from + 5));
    assert.deepEqual(all, { stored: 9, repeated: 9 * (from + 4), rejected: [] });
    await telemetry.close();
  }
});

const inSql = async (path: string, statements: readonly string[]): Promise<void> => {
  const { writer, letGo } = await openDuckDb(path);
  for (const statement of statements) await writer.run(statement);
  letGo();
};

/** Rows enough to fill what DuckDB lets go of as one, all of one cylinder. */
const manyRows = (boot: string): string => `
  INSERT INTO samples (cylinder, gateway, t, boot, seq, probability, received_at)
  SELECT 'other', 'line-1', make_timestamp(i), '${boot}', i, 0, make_timestamp(i) FROM range(130000) AS r(i)`;

test('where rows have moved since what is stored was saved, or nothing was saved of it, the table is read', async () => {
  const path = pathOf('moved.duckdb');
  const shaken = [
    [manyRows('a')],
    ["DELETE FROM samples WHERE cylinder = 'other'", 'CHECKPOINT', manyRows('b')],
    ['DROP TABLE series', 'DROP TABLE series_until'],
  ];
  for (const [index, statements] of shaken.entries()) {
    await inSql(path, statements);
    const telemetry = await openDuckDbTelemetry({ path });
    const written = await telemetry.write(lineOf(2, 0, 10 * (index + 1)));
    assert.deepEqual(written, { stored: 20, repeated: 20 * index, rejected: [] });
    // By its number alone: what is at the place of the last row by now is not taken for it.
    const again = { ...sample({ seq: 129_999 }), cylinder: 'other', boot: index === 0 ? 'a' : 'b' };
    assert.equal((await telemetry.write([again])).repeated, 1);
    await telemetry.close();
  }
});

test(
  'a write that fails leaves nothing behind, and what was good in it is stored when it comes again',
  inStore(async (telemetry) => {
    await telemetry.write(seqs(0, 5));
    const nameless: StoredSample = JSON.parse(JSON.stringify({ ...sample({ seq: 9999 }), gateway: null }));
    await assert.rejects(
      telemetry.write([...seqs(5, 3000), nameless]),
      /NOT NULL constraint failed: samples.gateway/,
    );
    assert.equal((await readSamples(telemetry)).length, 5);
    assert.deepEqual(await telemetry.write(seqs(0, 3000)), { stored: 2995, repeated: 5, rejected: [] });
  }),
);

test(
  'a write that fails does not stop those that wait behind it',
  inStore(async (telemetry) => {
    const nameless: StoredSample = JSON.parse(JSON.stringify({ ...sample({ seq: 9999 }), gateway: null }));
    const outcomes = await Promise.allSettled([
      telemetry.write(seqs(0, 5)),
      telemetry.write([nameless]),
      telemetry.write(seqs(0, 10)),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((await readSamples(telemetry)).length, 10);
  }),
);

for (const [what, fields, detail] of [
  ['an event time that is no whole number', { t: 1.5 }, 't 1.5 is not a time in whole ms'],
  ['an event time past the end of time', { t: 8.64e15 + 1 }, 't 8640000000000001 is not a time in whole ms'],
  ['a time of receipt that is none', { receivedAt: Number.NaN }, 'receivedAt NaN is not a time in whole ms'],
  ['a seq that is no whole number', { seq: 0.5 }, 'seq 0.5 is not a whole number'],
  ['a seq too great to be exact', { seq: 2 ** 53 }, 'seq 9007199254740992 is not a whole number'],
  ['a boot that UTF-8 cannot carry', { boot: 'a\ud800' }, 'boot or model is not valid Unicode text'],
] as const) {
  test(
    `${what} is refused for good, and its neighbours are stored`,
    inStore(async (telemetry) => {
      const refused = sample({ seq: 1, ...fields });
      const outcome = await telemetry.write([sample({ seq: 2 }), refused, sample({ seq: 3 })]);
      assert.deepEqual(outcome, { stored: 2, repeated: 0, rejected: [{ sample: refused, detail }] });
    }),
  );
}

test(
  'a question in bad SQL is an error and nothing more',
  inStore(async (telemetry) => {
    await assert.rejects(telemetry.query('SELEC 1'), /Parser Error/);
    assert.deepEqual(await telemetry.query('SELECT $1 + 1 AS two', [1]), [{ two: 2 }]);
    assert.equal((await telemetry.write([sample()])).stored, 1);
  }),
);

test('closing waits for the writes that were asked for, and later ones are refused', async () => {
  const path = pathOf('closed.duckdb');
  const telemetry = await openDuckDbTelemetry({ path });
  const written = telemetry.write(seqs(0, 100));
  await telemetry.close();
  assert.equal((await written).stored, 100);
  await telemetry.close();
  await assert.rejects(telemetry.write([sample()]), /is closed/);
  await assert.rejects(telemetry.query('SELECT 1'), /is closed/);
});

for (const [what, path, advice] of [
  [
    'in a folder that is not there',
    'missing/t.duckdb',
    /is in a folder that does not exist: create the folder first/,
  ],
  ['that is a folder', 'folder.duckdb', /cannot be written: .* or choose another data folder/],
  ['that holds something else', 'other.duckdb', /is not a DuckDB file: move it away/],
] as const) {
  test(`a file ${what} is one line that says what to do`, async () => {
    mkdirSync(pathOf('folder.duckdb'), { recursive: true });
    writeFileSync(pathOf('other.duckdb'), 'cylinder,t\n'.repeat(2000));
    await assert.rejects(openDuckDbTelemetry({ path: pathOf(path) }), (error: Error) => {
      assert.match(error.message, advice);
      assert.doesNotMatch(error.message, /\n/);
      assert.ok(error.cause instanceof Error);
      return true;
    });
  });
}

test('a store that another process has open is one line that names the process', async () => {
  const path = pathOf('shared.duckdb');
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'hold-open.ts'), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  await once(holder.stdout, 'data');
  await assert.rejects(openDuckDbTelemetry({ path }), {
    message: `The telemetry store ${path} is in use by process ${holder.pid}: stop that one first, or choose another data folder.`,
  });
  holder.stdin.end();
  await ended;
  await (await openDuckDbTelemetry({ path })).close();
});
