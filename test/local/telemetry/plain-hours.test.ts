import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { statementOf } from '../../../analysis/saved-queries.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { queryTelemetry } from '../../../local/telemetry/query-telemetry.ts';
import {
  answersOf,
  change,
  END_MS,
  HOUR_MS,
  HOURS,
  IN_TIME,
  LATE,
  ledger,
  numbersOf,
  OF_HOURS,
  queries,
  RANGES,
  roller,
  rounded,
  storeOf,
} from './hourly-store.ts';

let wanted: readonly unknown[] = [];
before(async () => {
  const { path, telemetry } = await storeOf('counted', IN_TIME, LATE);
  await telemetry.close();
  wanted = await answersOf(path);
});

/** What the first version that rolled hours up did not say of them, and the one after it. */
const SECOND = [
  'parts',
  'gaps',
  'first_gateway',
  'probability_bins',
  ...SENSORS.map((name) => `"${name}_bins"`),
];
const without = (columns: readonly string[]): readonly string[] =>
  columns.map((column) => `ALTER TABLE rolled_hours DROP COLUMN ${column}`);

test('hours that an earlier version rolled up are counted from their samples, and rolled up anew by the next round', async () => {
  const { path, telemetry } = await storeOf('plain', IN_TIME, LATE);
  await roller(telemetry).round();
  await telemetry.close();
  await change(path, without(SECOND));
  assert.deepEqual(await answersOf(path), wanted);
  const opened = await openDuckDbTelemetry({ path });
  const plain = 'rolled_hours WHERE parts IS NULL';
  assert.ok((await numbersOf(opened, plain)) > 0);
  await roller(opened).round();
  assert.equal(await numbersOf(opened, plain), 0);
  await opened.close();
  assert.deepEqual(await answersOf(path), wanted);
});

test('of hours whose samples are gone all that is asked of hours is known, but for those of an earlier version', async () => {
  const { path, telemetry } = await storeOf('gone', IN_TIME, LATE);
  await roller(telemetry, END_MS + HOUR_MS).round();
  await telemetry.close();
  const gone = ['DELETE FROM samples', `INSERT INTO retention VALUES (epoch_ms(${END_MS}))`];
  await change(path, gone);
  const [whole] = RANGES;
  assert.ok(whole);
  const of = async (name: string) => {
    const query = queries.find((one) => one.name === name);
    assert.ok(query);
    return rounded(await Array.fromAsync(queryTelemetry(path, statementOf(query, 'duckdb', whole), ledger)));
  };
  const counted = (name: string) =>
    wanted.find((answer) => Array.isArray(answer) && answer[0] === name && answer[1] === whole);
  const named = [...OF_HOURS].filter((name) => name !== 'drift' && name !== 'course');
  for (const name of named) assert.deepEqual([name, whole, await of(name)], counted(name));
  await change(path, without(SECOND));
  assert.deepEqual(await of('models'), []);
  assert.deepEqual(['coverage', whole, await of('coverage')], counted('coverage'));
  assert.equal((await of('abnormal-by-hour')).length, 3 * HOURS - 1);
});
