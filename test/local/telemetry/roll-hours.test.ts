import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { savedQueries, statementOf } from '../../../analysis/saved-queries.ts';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { queryTelemetry } from '../../../local/telemetry/query-telemetry.ts';
import { createHourRoller } from '../../../local/telemetry/roll-hours.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { sample } from '../../fixture/stored-sample.ts';

const folder = scratchFolder();
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 5);
const HOURS = 30;
const END_MS = START_MS + HOURS * HOUR_MS;

/** A sample a minute, with the sensor's and the encoder's whims; every third cylinder comes by two gateways in turn. */
const at = (c: number, minute: number): StoredSample => {
  const t = START_MS + minute * 60_000 + c;
  return sample({
    cylinder: `cyl-${c}`,
    gateway: c % 3 === 0 && minute % 2 === 0 ? 'oslo-2' : 'bergen-1',
    boot: 'b',
    seq: minute,
    t,
    receivedAt: t + ((minute * 7919) % 97) * 1000,
    values: [
      40 + (minute % 13),
      2,
      minute % 4 === 0 ? null : 1,
      3,
      41,
      minute % 10 === 3 ? null : (minute * 31) % 7,
    ],
    probability: (minute % 10) / 10,
  });
};
const ALL = [1, 2, 3].flatMap((c) => Array.from({ length: HOURS * 60 }, (_, minute) => at(c, minute)));
/** What came in time, what hours later, and what never: a gap across hours. */
const isLost = ({ cylinder, seq }: StoredSample): boolean =>
  cylinder === 'cyl-2' && Number(seq) > 400 && Number(seq) < 530;
const isLate = ({ cylinder, seq }: StoredSample): boolean =>
  (cylinder === 'cyl-1' && Number(seq) % 90 < 20) || (Number(seq) > 700 && Number(seq) < 830);
const IN_TIME = ALL.filter((one) => !isLost(one) && !isLate(one));
const LATE = ALL.filter((one) => !isLost(one) && isLate(one));

const roller = (telemetry: Pick<DuckDbTelemetry, 'keep' | 'noteLateBefore'>, newestMs = END_MS) =>
  createHourRoller({
    telemetry,
    newestMs: () => Promise.resolve(newestMs),
    rest: () => Promise.resolve(true),
  });

const storeOf = async (name: string, ...parts: readonly (readonly StoredSample[])[]) => {
  const path = join(folder, `${name}.duckdb`);
  const telemetry = await openDuckDbTelemetry({ path });
  for (const part of parts) await telemetry.write(part);
  return { path, telemetry };
};

const numbersOf = async (telemetry: DuckDbTelemetry, sql: string): Promise<number> =>
  Number((await telemetry.query(`SELECT count(*) AS n FROM ${sql}`))[0]?.n);

const OF_HOURS = new Set(['abnormal-by-hour', 'coverage', 'reliability', 'running-hours', 'worst-actors']);
const queries = savedQueries().filter(({ name }) => OF_HOURS.has(name));
const RANGES = [
  { from: START_MS, to: END_MS },
  { from: START_MS + 90_000, to: END_MS - 1 },
  { from: START_MS + 5 * HOUR_MS, to: START_MS + 20 * HOUR_MS + 1_234_567 },
  { from: START_MS + 600_000, to: START_MS + 1_200_000 },
  { from: START_MS, to: END_MS, cylinder: 'cyl-1' },
  { from: START_MS, to: END_MS, site: 'oslo' },
  { from: START_MS, to: END_MS, site: 'bergen-1' },
];

const answersOf = async (path: string): Promise<readonly unknown[]> => {
  const answers: unknown[] = [];
  for (const range of RANGES)
    for (const query of queries)
      answers.push([
        query.name,
        range,
        await Array.fromAsync(queryTelemetry(path, statementOf(query, 'duckdb', range))),
      ]);
  answers.push(await Array.fromAsync(queryTelemetry(path, 'FROM hours ORDER BY cylinder, hour')));
  return answers;
};

let wanted: readonly unknown[] = [];
test('of a store of which nothing is rolled up, every hour is counted from its samples', async () => {
  const { path, telemetry } = await storeOf('counted', IN_TIME, LATE);
  assert.equal(await numbersOf(telemetry, 'rolled_hours'), 0);
  await telemetry.close();
  wanted = await answersOf(path);
  const last = wanted.at(-1);
  assert.ok(Array.isArray(last));
  assert.equal(last.length, 3 * HOURS - 1);
});

test('rolled up, every question about hours is answered the same, from whatever time on, of a cylinder and of a site', async () => {
  const { path, telemetry } = await storeOf('rolled', IN_TIME, LATE);
  await roller(telemetry).round();
  // The last hour ended less than a quarter of an hour ago.
  assert.equal(await numbersOf(telemetry, 'rolled_hours'), 3 * (HOURS - 1) - 1);
  await telemetry.close();
  assert.deepEqual(await answersOf(path), wanted);
});

test('what comes late is in its hour at once, and the hour is rolled up anew with the next round', async () => {
  const { path, telemetry } = await storeOf('late', IN_TIME);
  await roller(telemetry, END_MS + HOUR_MS).round();
  await telemetry.write(LATE);
  const noted = await numbersOf(telemetry, 'late_hours');
  assert.ok(noted > 0);
  await telemetry.write(LATE);
  assert.equal(await numbersOf(telemetry, 'late_hours'), noted, 'a repetition is nothing new');
  await telemetry.close();
  assert.deepEqual(await answersOf(path), wanted);

  const again = await openDuckDbTelemetry({ path });
  await roller(again, END_MS + HOUR_MS).round();
  assert.equal(await numbersOf(again, 'late_hours'), 0);
  assert.equal(await numbersOf(again, 'rolled_hours'), 3 * HOURS - 1);
  await again.close();
  assert.deepEqual(await answersOf(path), wanted);
});

test('what is written while hours are rolled up is in them, whenever it comes', async () => {
  const { path, telemetry } = await storeOf('beside', IN_TIME);
  let written = 0;
  const next = async (): Promise<void> => {
    const part = LATE.slice(written, written + 7);
    written += part.length;
    await telemetry.write(part);
  };
  const beside: Pick<DuckDbTelemetry, 'keep' | 'noteLateBefore'> = {
    noteLateBefore: async (ms) => {
      await next();
      const noted = await telemetry.noteLateBefore(ms);
      await next();
      return noted;
    },
    // A write within the transaction that rolls an hour up: it does not see it.
    keep: (work) =>
      telemetry.keep(async (connection) => {
        const result = await work(
          new Proxy(connection, {
            get: (target, name) => {
              const value = Reflect.get(target, name);
              if (name !== 'run') return typeof value === 'function' ? value.bind(target) : value;
              return async (sql: string, ...rest: readonly []) => {
                const ran = await target.run(sql, ...rest);
                if (sql.startsWith('DELETE FROM rolled_hours')) await next();
                return ran;
              };
            },
          }),
        );
        await next();
        return result;
      }),
  };
  for (let round = 0; written < LATE.length; round += 1) {
    assert.ok(round < 50);
    await roller(beside, START_MS + (round + 2) * 10 * HOUR_MS).round();
  }
  await telemetry.close();
  assert.deepEqual(await answersOf(path), wanted);
  const again = await openDuckDbTelemetry({ path });
  await roller(again, END_MS).round();
  await again.close();
  assert.deepEqual(await answersOf(path), wanted);
});

test('a file of a version without them is answered the same, without being changed, and gets them when it is opened', async () => {
  const { path, telemetry } = await storeOf('older', IN_TIME, LATE);
  await telemetry.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of [
    'DROP VIEW hours',
    'DROP TABLE rolled_hours',
    'DROP TABLE hours_until',
    'DROP TABLE late_hours',
  ])
    await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
  assert.deepEqual(await answersOf(path), wanted);
  const opened = await openDuckDbTelemetry({ path });
  await roller(opened).round();
  assert.ok((await numbersOf(opened, 'rolled_hours')) > 0);
  await opened.close();
  assert.deepEqual(await answersOf(path), wanted);
});

test('a roll-up that is stopped between two hours goes on from there', async () => {
  const { path, telemetry } = await storeOf('stopped', IN_TIME, LATE);
  let left = 4;
  await createHourRoller({
    telemetry,
    newestMs: () => Promise.resolve(END_MS),
    rest: () => {
      left -= 1;
      return Promise.resolve(left > 0);
    },
  }).round();
  assert.equal(await numbersOf(telemetry, 'rolled_hours'), 12);
  await telemetry.close();
  assert.deepEqual(await answersOf(path), wanted);
});
