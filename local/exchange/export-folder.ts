import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import * as v from 'valibot';
import { makeFolder } from '../run/data-folder.ts';
import { explainFailure, LocalError } from '../run/local-error.ts';
import type { DuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';
import { duckDbError } from '../telemetry/open-duckdb.ts';
import { type Pace, paced, unpaced } from '../telemetry/paced.ts';
import { at, quoted } from '../telemetry/telemetry-schema.ts';
import { copyToParquet } from '../telemetry/write-parquet.ts';
import { checkPlace, type Manifest, writeManifest } from './exchange-folder.ts';

const question = v.object({
  to: v.string(),
  fromMs: v.number(),
  toMs: v.number(),
  cylinder: v.nullable(v.string()),
});

/** What is exported, and to which folder: samples taken, and incidents raised, from one time until before another, ms. */
export type ExportQuestion = v.InferOutput<typeof question>;

/** How far an export is: files written of those there will be, and samples in them. */
const PROGRESS = v.object({
  files: v.number(),
  ofFiles: v.number(),
  samples: v.number(),
  incidents: v.number(),
});
export type ExportProgress = Readonly<v.InferOutput<typeof PROGRESS>>;
export const readExportProgress = (value: unknown): ExportProgress => v.parse(PROGRESS, value);

const within = (column: string, { fromMs, toMs, cylinder }: ExportQuestion): string =>
  [
    `${column} >= ${at(Math.round(fromMs))} AND ${column} < ${at(Math.round(toMs))}`,
    ...(cylinder === null ? [] : [`cylinder = ${quoted(cylinder)}`]),
  ].join(' AND ');

const DAY_MS = 86_400_000;

type DayOfCylinder = Readonly<{ day: string; cylinder: string }>;

/** Which cylinders have samples of which UTC days, in the order of the days. */
const daysOfCylinders = async (
  connection: DuckDBConnection,
  asked: ExportQuestion,
): Promise<readonly DayOfCylinder[]> => {
  const found = await connection.runAndReadAll(
    `SELECT DISTINCT strftime(t, '%Y-%m-%d'), cylinder FROM samples WHERE ${within('t', asked)} ORDER BY ALL`,
  );
  return found.getRows().map(([day, cylinder]) => ({ day: String(day), cylinder: String(cylinder) }));
};

/** A folder's part of a path as Hive writes it: every tool that knows such folders reads the name out of it again. */
const partition = (key: string, value: string): string => `${key}=${encodeURIComponent(value)}`;

const rowsIn = async (connection: DuckDBConnection, file: string): Promise<number> =>
  Number(
    (await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${quoted(file)})`)).getRows()[0]?.[0],
  );

/** A day of a cylinder in one file; one that a broken-off export left is whole, and stays. Resolves with its samples. */
const exportDay = async (
  connection: DuckDBConnection,
  asked: ExportQuestion,
  { day, cylinder }: DayOfCylinder,
): Promise<number> => {
  const folder = join(asked.to, 'samples', partition('day', day), partition('cylinder', cylinder));
  const file = join(folder, 'samples.parquet');
  if (existsSync(file)) return await rowsIn(connection, file);
  const from = Math.max(asked.fromMs, Date.parse(day));
  const to = Math.min(asked.toMs, Date.parse(day) + DAY_MS);
  // What stands in the path stands nowhere else: Athena and pandas refuse a column that is both.
  const select = `SELECT * EXCLUDE (cylinder) FROM samples WHERE ${within('t', { ...asked, fromMs: from, toMs: to, cylinder })} ORDER BY t, boot, seq`;
  return await copyToParquet(connection, select, file);
};

async function* exportAll(
  connection: DuckDBConnection,
  asked: ExportQuestion,
  pace: Pace,
): AsyncGenerator<ExportProgress, void> {
  const manifest: Manifest = {
    format: 1,
    finished: false,
    from: new Date(asked.fromMs).toISOString(),
    to: new Date(asked.toMs).toISOString(),
    cylinder: asked.cylinder,
    files: 0,
    samples: 0,
    incidents: 0,
  };
  checkPlace(asked.to, manifest);
  const days = await pace(() => daysOfCylinders(connection, asked));
  makeFolder(asked.to);
  writeManifest(asked.to, manifest);
  const incidents = await copyToParquet(
    connection,
    `SELECT * FROM incidents WHERE ${within('raised_at', asked)} ORDER BY raised_at, id`,
    join(asked.to, 'incidents', 'incidents.parquet'),
  );
  let progress: ExportProgress = { files: 0, ofFiles: days.length, samples: 0, incidents };
  yield progress;
  for (const [index, day] of days.entries()) {
    const rows = await pace(() => exportDay(connection, asked, day));
    progress = { ...progress, files: index + 1, samples: progress.samples + rows };
    yield progress;
  }
  const { files, samples } = progress;
  writeManifest(asked.to, { ...manifest, finished: true, files, samples, incidents });
}

const exportFailed = (to: string, cause: unknown): unknown =>
  cause instanceof LocalError
    ? cause
    : explainFailure(`The export to ${to}`, cause, [
        [
          /no space left|disk is full|ENOSPC/i,
          'DiskFull',
          'was broken off, because the disk is full: free some space there and ask for the same again, which goes on with it',
        ],
        [/permission denied|EACCES|EPERM|EROFS/i, 'NotWritable', 'cannot be written: name another folder'],
        [/interrupt/i, 'Stopped', 'was broken off, because the pipeline stopped: ask for the same again'],
      ]);

/**
 * Exports as a pipeline that runs answers who asks for it: with its progress, a file at a time, at a pace that leaves the
 * pipeline its own. Each file is whole; a broken-off export is gone on with when the same is asked for again.
 */
export const answerExports = ({ beside }: Pick<DuckDbTelemetry, 'beside'>) =>
  async function* (what: unknown, signal: AbortSignal): AsyncGenerator<ExportProgress, void> {
    const asked = v.parse(question, what);
    const ready = Promise.withResolvers<DuckDBConnection>();
    const done = Promise.withResolvers<void>();
    const held = beside((connection) => {
      ready.resolve(connection);
      return done.promise;
    });
    held.catch(ready.reject);
    try {
      for await (const progress of exportAll(await ready.promise, asked, paced())) {
        yield progress;
        if (signal.aborted) return;
      }
    } catch (error) {
      throw exportFailed(asked.to, error);
    } finally {
      done.resolve();
      await held.catch(() => undefined);
    }
  };

/** The same of a store that no pipeline has open. */
export async function* exportStore(
  telemetry: string,
  asked: ExportQuestion,
): AsyncGenerator<ExportProgress, void> {
  const instance = await DuckDBInstance.create(telemetry, { access_mode: 'READ_ONLY' }).catch(
    (error: unknown) => {
      throw duckDbError(telemetry, error);
    },
  );
  const connection = await instance.connect();
  try {
    yield* exportAll(connection, asked, unpaced);
  } catch (error) {
    throw exportFailed(asked.to, error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
