import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import type { RetentionLimits } from '../../../local/telemetry/retention.ts';
import { createRetention, type Room } from '../../../local/telemetry/retention.ts';
import { runUntilKilled } from '../../contract/run-until-killed.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { sample } from '../../fixture/stored-sample.ts';

const folder = scratchFolder();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 0, 1);
const CYLINDERS = ['a', 'b', 'c'] as const;
const PER_HOUR = 20;
const plenty: Room = { freeBytes: 1e12, diskBytes: 1e13 };

/** Five days of three cylinders, one sample in three minutes of each. */
const DAYS = 5;
const NEWEST_MS = START_MS + DAYS * DAY_MS - HOUR_MS / PER_HOUR;
const samples = CYLINDERS.flatMap((cylinder) =>
  Array.from({ length: DAYS * 24 * PER_HOUR }, (_, seq) =>
    sample({
      cylinder,
      boot: 'b1',
      seq,
      t: START_MS + (seq * HOUR_MS) / PER_HOUR,
      probability: (seq % 10) / 10,
      values: [seq % 7, null, 1, 2, 3, 4],
    }),
  ),
);

let stores = 0;
const filled = async (): Promise<Readonly<{ path: string; telemetry: DuckDbTelemetry }>> => {
  stores += 1;
  const path = join(folder, `${stores}.duckdb`);
  const telemetry = await openDuckDbTelemetry({ path });
  await telemetry.write(samples);
  await telemetry.checkpoint();
  return { path, telemetry };
};

const retentionOf = (
  telemetry: DuckDbTelemetry,
  limits: Partial<RetentionLimits>,
  ports: Readonly<{
    room?: () => Room;
    needed?: ReadonlyMap<string, number>;
    newestMs?: number;
    log?: (line: string) => void;
  }> = {},
) =>
  createRetention(
    {
      telemetry,
      newestMs: () => Promise.resolve(ports.newestMs ?? NEWEST_MS),
      neededSince: () => Promise.resolve(ports.needed ?? new Map()),
      room: ports.room ?? (() => plenty),
      log: ports.log ?? (() => undefined),
    },
    { keepDays: 90, keepBytes: null, exportTo: null, ...limits },
  );

const hours = (telemetry: DuckDbTelemetry) => telemetry.query('SELECT * FROM hours ORDER BY cylinder, hour');

const kept = async (telemetry: DuckDbTelemetry) =>
  (
    await telemetry.query(
      'SELECT cylinder, count(*)::INTEGER AS rows, epoch_ms(min(t))::DOUBLE AS since FROM samples GROUP BY ALL ORDER BY ALL',
    )
  ).map(({ cylinder, rows, since }) => [cylinder, rows, since]);

const whole = (days: number): readonly unknown[] =>
  CYLINDERS.map((cylinder) => [cylinder, days * 24 * PER_HOUR, START_MS + (DAYS - days) * DAY_MS]);

test('what is older goes by whole hours, and the hours say the same before and after, for good', async () => {
  const { path, telemetry } = await filled();
  const before = await hours(telemetry);
  assert.equal(before.length, CYLINDERS.length * DAYS * 24);
  await retentionOf(telemetry, { keepDays: 2 }, { newestMs: START_MS + DAYS * DAY_MS }).round();
  assert.deepEqual(await kept(telemetry), whole(2));
  assert.deepEqual(await hours(telemetry), before);
  await telemetry.close();
  const again = await openDuckDbTelemetry({ path });
  assert.deepEqual(await hours(again), before);
  const old = sample({ ...samples[0] });
  const { stored, repeated, rejected } = await again.write([old, ...samples.slice(-1)]);
  assert.deepEqual({ stored, repeated }, { stored: 0, repeated: 1 });
  assert.deepEqual(
    rejected.map(({ detail }) => detail),
    [`t ${old.t} is before 2026-01-04T00:00:00.000Z, since when samples are kept here`],
  );
  await again.close();
});

test('nothing of the last day goes, however little may stay, and age is counted from the newest sample', async () => {
  const { telemetry } = await filled();
  await retentionOf(telemetry, { keepDays: 90 }).round();
  assert.deepEqual(await kept(telemetry), whole(DAYS));
  await retentionOf(telemetry, { keepBytes: 1 }).round();
  const left = await kept(telemetry);
  assert.deepEqual(
    left.map(([, rows]) => rows),
    CYLINDERS.map(() => 25 * PER_HOUR),
  );
  await telemetry.close();
});

test('where the disk has too little room, the oldest goes before it is of age, and that is said before and after', async () => {
  const { telemetry } = await filled();
  const lines: string[] = [];
  const used = Number(
    (await telemetry.query('SELECT used_blocks * block_size AS b FROM pragma_database_size()'))[0]?.b,
  );
  let freeBytes = 3e9;
  const retention = retentionOf(
    telemetry,
    {},
    { room: () => ({ freeBytes, diskBytes: 1e12 }), log: (line) => lines.push(line) },
  );
  await retention.round();
  assert.match(
    lines.join('\n'),
    /^retention: the store takes .* has room for 3\.0 GB more: soon the oldest samples go/,
  );
  freeBytes = 2e9 - used / 2;
  await retention.announce('in ten minutes');
  assert.match(
    lines[1] ?? '',
    /in ten minutes the samples from 2026-01-01 00:00 UTC to about 2026-01-0\d .* go \(the disk has room for/,
  );
  await retention.round();
  const [[, rows] = []] = await kept(telemetry);
  assert.ok(Number(rows) < DAYS * 24 * PER_HOUR && Number(rows) > 24 * PER_HOUR, `${rows} rows`);
  assert.match(lines[2] ?? '', /samples went, all kept now are since .* \(the disk has room/);
  await telemetry.close();
});

test('what an open incident or the outbox needs stays until it does not', async () => {
  const { telemetry } = await filled();
  const before = await hours(telemetry);
  const needed = new Map([['b', START_MS + 30 * HOUR_MS]]);
  await retentionOf(telemetry, { keepDays: 2 }, { needed }).round();
  const since = (await kept(telemetry)).map(([, , ms]) => ms);
  const cut = START_MS + 3 * DAY_MS - HOUR_MS;
  assert.deepEqual(since, [cut, START_MS + 30 * HOUR_MS, cut]);
  assert.deepEqual(await hours(telemetry), before);
  await retentionOf(telemetry, { keepDays: 2 }, { newestMs: NEWEST_MS + HOUR_MS }).round();
  assert.deepEqual(await kept(telemetry), whole(2));
  assert.deepEqual(await hours(telemetry), before);
  await telemetry.close();
});

const exported = async (telemetry: DuckDbTelemetry, exportTo: string) =>
  (
    await telemetry.query(
      `SELECT count(*)::INTEGER AS rows, count(DISTINCT (cylinder, boot, seq))::INTEGER AS names FROM read_parquet('${exportTo}/*/*.parquet')`,
    )
  )[0];

test('where it cannot be exported nothing goes, and what arrives late is taken as before', async () => {
  const { telemetry } = await filled();
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await assert.rejects(retentionOf(telemetry, { keepDays: 2, exportTo: file }).round());
  assert.deepEqual(await kept(telemetry), whole(DAYS));
  assert.equal((await telemetry.write([sample({ boot: 'late', t: START_MS })])).stored, 1);
  await telemetry.close();
});

test('killed at any moment, every sample is in the store or exported, none twice, and the hours stay the same', async () => {
  const { path, telemetry } = await filled();
  const before = await hours(telemetry);
  await telemetry.close();
  const exportTo = join(folder, 'exported');
  const script = join(import.meta.dirname, 'keep-until-it-ends.ts');
  for (let round = 0; round < 4; round += 1) {
    const lines = await runUntilKilled({
      script,
      args: [path, exportTo, String(NEWEST_MS + 1)],
      afterLines: 1,
      thenMs: randomInt(400),
    });
    const store = await openDuckDbTelemetry({ path });
    assert.deepEqual(await hours(store), before);
    const [row] = await store.query(
      'SELECT count(*)::INTEGER AS rows FROM samples WHERE (t < (SELECT max(rolled_until) FROM retention)) IS NOT TRUE',
    );
    const rolled = await store.query('SELECT sum(samples)::INTEGER AS rows FROM rolled_hours');
    assert.equal(Number(row?.rows) + Number(rolled[0]?.rows), samples.length, lines.join());
    await store.close();
  }
  const done = await runUntilKilled({
    script,
    args: [path, exportTo, String(NEWEST_MS + 1)],
    afterLines: 2,
    thenMs: 0,
  });
  assert.deepEqual(done, ['begun', 'done']);
  const store = await openDuckDbTelemetry({ path });
  const cut = (DAYS - 2) * 24 - 1;
  const gone = CYLINDERS.length * cut * PER_HOUR;
  assert.deepEqual(await exported(store, exportTo), { rows: gone, names: gone });
  const [left] = await store.query('SELECT count(*)::INTEGER AS rows FROM samples');
  assert.equal(left?.rows, samples.length - gone);
  assert.deepEqual(await hours(store), before);
  await store.close();
  assert.deepEqual(
    readdirSync(exportTo, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.part')),
    [],
  );
});
