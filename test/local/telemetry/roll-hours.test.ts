import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropHour } from '../../../local/telemetry/drop-hour.ts';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { createHourRoller } from '../../../local/telemetry/roll-hours.ts';
import {
  answersOf,
  change,
  END_MS,
  HOUR_MS,
  HOURS,
  IN_TIME,
  LATE,
  numbersOf,
  roller,
  START_MS,
  storeOf,
} from './hourly-store.ts';

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
  await change(path, [
    'DROP VIEW hours',
    'DROP TABLE rolled_hours',
    'DROP TABLE hours_until',
    'DROP TABLE late_hours',
  ]);
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

test('an hour with many samples is rolled up slice by slice, with a rest after each, as if it were one', async () => {
  const { path, telemetry } = await storeOf('sliced', IN_TIME);
  let rests = 0;
  const late = [...LATE];
  const rest = async () => {
    rests += 1;
    await telemetry.write(late.splice(0, 3));
    return true;
  };
  await roller(telemetry, END_MS, { rowsAtOnce: 40, rest }).round();
  assert.ok(rests > 4 * HOURS, `${rests} rests`);
  await telemetry.write(late);
  await roller(telemetry, END_MS, { rowsAtOnce: 40 }).round();
  assert.equal(await numbersOf(telemetry, 'rolled_hours'), 3 * (HOURS - 1) - 1);
  await telemetry.close();
  assert.deepEqual(await answersOf(path), wanted);
});

test('slices are thrown away where their hour was rolled up for good meanwhile, and its samples are gone', async () => {
  const { telemetry } = await storeOf('dropped', IN_TIME, LATE);
  const hours = async () =>
    await telemetry.query('SELECT cylinder, hour, samples FROM hours ORDER BY cylinder, hour');
  const before = await hours();
  let rests = 0;
  const rest = async () => {
    rests += 1;
    if (rests === 2) await telemetry.keep((connection) => dropHour(connection, START_MS, new Map(), null));
    return true;
  };
  await roller(telemetry, END_MS, { rowsAtOnce: 40, rest }).round();
  assert.deepEqual(await hours(), before);
  assert.equal(await numbersOf(telemetry, `samples WHERE t < to_timestamp(${START_MS / 1000 + 3600})`), 0);
  await telemetry.close();
});
