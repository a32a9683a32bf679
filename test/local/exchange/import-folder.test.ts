import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NO_MARKS } from '../../../domain/incident/incident-record.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { dropHour } from '../../../local/telemetry/drop-hour.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { hourOf } from '../../../local/telemetry/first-hour.ts';
import {
  assertSame,
  CLEARED,
  EVERYTHING,
  exportFrom,
  importInto,
  OPEN,
  parquet,
  place,
  rowsOf,
  SAMPLES,
  storeIn,
  T,
  telemetryIn,
} from './exchange-places.ts';

const filled = place();
await storeIn(filled, SAMPLES, [CLEARED, OPEN]);

test('an import adds what a store lacks, and stores each sample once', async () => {
  const { to } = await exportFrom(filled);
  const half = place();
  await storeIn(half, SAMPLES.slice(0, 300));
  const { stored, repeated } = await importInto(half, to);
  assert.deepEqual([stored, repeated], [SAMPLES.length - 300, 300]);
  await assertSame(half, filled);
});

test('an incident that is further on takes the place of what was stored, and never the other way round', async () => {
  const closed = { ...CLEARED, closedBy: 'Kim', outcome: 'fault', closedAt: T + 200_000 };
  const further = place();
  await storeIn(further, [], [closed]);
  const { to: old } = await exportFrom(filled);
  const { to: late } = await exportFrom(further);
  const other = place();
  assert.equal((await importInto(other, old)).incidents, 2);
  assert.equal((await importInto(other, late)).incidents, 1);
  assert.equal((await importInto(other, old)).incidents, 0);
  const [row] = await rowsOf(
    other,
    `SELECT outcome, told_at IS NOT NULL AS told FROM incidents WHERE id = '${CLEARED.id}'`,
  );
  assert.deepEqual(row, { outcome: 'fault', told: true });
});

test('what is no export is refused with what it lacks, and nothing of it is stored', async () => {
  const from = place();
  mkdirSync(from);
  const other = place();
  await assert.rejects(importInto(other, from), /there is no Parquet file in/);
  await assert.rejects(importInto(other, join(from, 'nothing')), /there is nothing at/);
  const file = join(from, 'weather.parquet');
  await parquet(file, 'SELECT 1 AS t, 2 AS humidity');
  await assert.rejects(
    importInto(other, from),
    /weather\.parquet holds neither samples nor incidents .* gateway/,
  );
  writeFileSync(file, 'PAR1 no more');
  await assert.rejects(importInto(other, from), /weather\.parquet cannot be read as Parquet/);
  assert.equal(existsSync(telemetryIn(other)) ? (await rowsOf(other, 'FROM samples')).length : 0, 0);
});

const sensors = (value: string): string => SENSORS.map((name) => `${value} AS "${name}"`).join(', ');

test('rows that no gateway could have sent are refused with a reason, and all others are stored', async () => {
  const from = place();
  mkdirSync(from);
  const good = `'c1' AS cylinder, 'g' AS gateway, TIMESTAMP '2026-01-05 10:00:00' AS t, 'b' AS boot, 1 AS seq, 'm' AS model,
    ${sensors('1.5::DOUBLE')}, 0.5::DOUBLE AS probability, NULL::DOUBLE[] AS why, TIMESTAMP '2026-01-05 10:00:01' AS received_at`;
  const but = (change: string): string => `SELECT * REPLACE (${change}) FROM (SELECT ${good})`;
  await parquet(
    join(from, 'some.parquet'),
    [
      `SELECT ${good}`,
      but("'../etc/passwd' AS cylinder"),
      but("'' AS gateway"),
      but('2.0::DOUBLE AS probability'),
      but("'nan'::DOUBLE AS probability"),
      but(`'inf'::DOUBLE AS "${SENSORS[0]}"`),
      but('[1.0, 2.0]::DOUBLE[] AS why'),
      but('NULL::TIMESTAMP AS t'),
      but("'<script>' AS cylinder"),
    ].join(' UNION ALL '),
  );
  const other = place();
  const { stored, refused, reasons } = await importInto(other, from);
  assert.deepEqual([stored, refused], [1, 8]);
  assert.ok(
    reasons.length === 5 && reasons.every((reason) => reason.startsWith('some.parquet: ')),
    reasons.join(),
  );
});

test('a file of the lake, with its times in ms and its names in lower case, is taken as well', async () => {
  const from = place();
  mkdirSync(join(from, 'day=2026-01-05'), { recursive: true });
  const names = SENSORS.map((name, index) => `${index}.5::DOUBLE AS ${name.toLowerCase()}`).join(', ');
  await parquet(
    join(from, 'day=2026-01-05', 'part-1.parquet'),
    `SELECT 'c1' AS cylinder, 'g' AS gateway, ${T}::BIGINT AS t, 'b' AS boot, range::BIGINT AS seq, 'm' AS model, ${names},
      0.25::DOUBLE AS probability, [1, 2, 3, 4, 5, 6]::DOUBLE[] AS why, ${T + 9}::BIGINT AS received_at FROM range(3)`,
  );
  const other = place();
  assert.equal((await importInto(other, from)).stored, 3);
  const [row] = await rowsOf(
    other,
    'SELECT epoch_ms(t) AS t, epoch_ms(received_at) AS at, "wEncoderVelocity" AS rpm, why[6] AS last FROM samples',
  );
  assert.deepEqual(row, { t: String(T), at: String(T + 9), rpm: 5.5, last: 6 });
});

test('what retention exported is taken back', async () => {
  const data = place();
  const folder = await storeIn(data, SAMPLES);
  const to = place();
  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  for (const hour of [hourOf(T), hourOf(T) + 3_600_000])
    await telemetry.keep((connection) => dropHour(connection, hour, new Map(), to));
  await telemetry.close();
  assert.deepEqual(await rowsOf(data, 'FROM samples'), []);
  const other = place();
  assert.equal((await importInto(other, to)).stored, SAMPLES.length);
  const [samples = ''] = EVERYTHING;
  assert.deepEqual(await rowsOf(other, samples), await rowsOf(filled, samples));
  // Where they went they are refused: nobody could tell whether they repeat what is gone.
  const { stored, refused, reasons } = await importInto(data, to);
  assert.deepEqual([stored, refused, reasons.length], [0, SAMPLES.length, 1]);
  assert.match(reasons[0] ?? '', /since when samples are kept here/);
});

test('marks that an older export lacks stay as they are', async () => {
  const data = place();
  await storeIn(data, [], [CLEARED]);
  const later = place();
  await storeIn(later, [], [{ ...CLEARED, ...NO_MARKS, closedBy: 'Kim', outcome: 'fault' }]);
  const { to } = await exportFrom(later);
  await importInto(data, to);
  const [row] = await rowsOf(data, 'SELECT outcome, advice FROM incidents');
  assert.deepEqual(row, { outcome: 'fault', advice: 'seals' });
});
