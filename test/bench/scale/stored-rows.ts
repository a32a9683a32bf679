import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SENSORS } from '../../../domain/message/sample.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { TELEMETRY_SCHEMA } from '../../../local/telemetry/telemetry-schema.ts';
import { BOOT, MODEL } from '../traffic.ts';

const ROWS_AT_ONCE = 5_000_000;
const SAMPLES_PER_MESSAGE = 10;

/** Rows of a line whose seconds end `endMs`, in the order in which its messages came. */
const rows = (cylinders: number, from: number, to: number, startMs: number): string => `
  INSERT INTO samples
  SELECT printf('cyl-%03d', cylinder), 'line-1', make_timestamp((${startMs} + second * 1000) * 1000), '${BOOT}', second,
    '${MODEL}', ${SENSORS.map((_, sensor) => `round(${10 * (sensor + 1)} + random(), 2)`).join(', ')},
    round(0.2 * random(), 4), NULL, make_timestamp((${startMs} + second * 1000) * 1000), NULL, NULL
  FROM (
    SELECT i // ${SAMPLES_PER_MESSAGE} % ${cylinders} AS cylinder,
      i // ${SAMPLES_PER_MESSAGE * cylinders} * ${SAMPLES_PER_MESSAGE} + i % ${SAMPLES_PER_MESSAGE} AS second
    FROM range(${from}, ${to}) AS r(i)
  )`;

const DAY_MS = 86_400_000;

/** Has the product open a store: it brings one of an earlier version up to date, and learns which samples are stored. */
const settle = async (path: string): Promise<string> => {
  const telemetry = await openDuckDbTelemetry({ path });
  await telemetry.close();
  return path;
};

/**
 * The path of a telemetry store in which so many rows of a line are stored, and which was closed in peace: made once (with a
 * hundred million rows that takes minutes, and five gigabytes) and kept for the next time.
 */
export const storedRows = async (cylinders: number, count: number): Promise<string> => {
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(caches, 'cylinder-sentinel-bench');
  const path = join(folder, `${cylinders}-cylinders-${count}-rows.duckdb`);
  if (existsSync(path)) return await settle(path);
  mkdirSync(folder, { recursive: true });
  const part = `${path}.${process.pid}`;
  const instance = await DuckDBInstance.create(part, { memory_limit: '2GB' });
  const connection = await instance.connect();
  await connection.run(TELEMETRY_SCHEMA);
  const startMs = Date.now() - DAY_MS - (count / cylinders) * 1000;
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    await connection.run(rows(cylinders, from, Math.min(count, from + ROWS_AT_ONCE), startMs));
    await connection.run('CHECKPOINT');
  }
  connection.closeSync();
  instance.closeSync();
  renameSync(part, path);
  return await settle(path);
};
