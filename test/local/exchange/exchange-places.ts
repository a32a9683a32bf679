import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { type ExportQuestion, exportStore } from '../../../local/exchange/export-folder.ts';
import { type ImportProgress, importIntoFolder } from '../../../local/exchange/import-folder.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { queryTelemetry } from '../../../local/telemetry/query-telemetry.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { sample } from '../../fixture/stored-sample.ts';

const scratch = scratchFolder();
export const DAY_MS = 86_400_000;
/** Two minutes before midnight, so that an export has two days. */
export const T = Date.UTC(2026, 0, 6) - 120_000;
export const ALL = { fromMs: T - DAY_MS, toMs: T + DAY_MS, cylinder: null };

let places = 0;
/** A place in which nothing is yet; its name has all that a path may have. */
export const place = (): string => {
  places += 1;
  return join(scratch, `it's place ${places} 실린더`);
};

export const SAMPLES: readonly StoredSample[] = [
  ...Array.from({ length: 600 }, (_, seq) =>
    sample({
      seq,
      t: T + seq * 500,
      receivedAt: T + seq * 500 + 37,
      values: [48.2 + seq / 7, null, 1.92, 3.4, -0, seq % 3 === 0 ? null : 1180],
      probability: seq / 600,
      why: seq % 2 === 0 ? null : [0.1, -1.8e-9, 0.2, 0.6, 0.1, -0.1],
      ...(seq % 4 === 0 ? { challenger: { model: 'new@2', probability: 1 - seq / 600 } } : {}),
    }),
  ),
  ...Array.from({ length: 50 }, (_, index) =>
    sample({ cylinder: 'line:7_b', t: T + index * 1000 + 1, boot: null, seq: null, model: null, why: null }),
  ),
  // Arrived a day late, and by another gateway.
  sample({ cylinder: '007', gateway: 'b', boot: 'x', seq: 1, t: T, receivedAt: T + DAY_MS }),
];

export const CLEARED: IncidentRecord = incidentRecord({
  id: `cyl-07@${T}`,
  cylinder: 'cyl-07',
  beganAt: T - 40_000,
  raisedAt: T,
  lastAbnormalAt: T + 60_000,
  clearedAt: T + 100_000,
  endedBy: 'clearing',
  toldAt: T + 5,
  why: [0.1, 4, 2, 0, 0, 1],
  advice: 'seals',
  comment: 'it\'s "said", \n누설 <b>',
});
export const OPEN = incidentRecord({ id: `007@${T}`, cylinder: '007', raisedAt: T, beganAt: T - 1 });

export const storeIn = async (
  data: string,
  samples: readonly StoredSample[],
  incidents: readonly IncidentRecord[] = [],
) => {
  const folder = openDataFolder(data);
  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  await telemetry.write(samples);
  for (const incident of incidents) await telemetry.recordIncident(incident);
  await telemetry.close();
  return folder;
};

export const telemetryIn = (data: string): string => join(data, 'telemetry.duckdb');

export const rowsOf = (data: string, sql: string): Promise<readonly Readonly<Record<string, Json>>[]> =>
  Array.fromAsync(queryTelemetry(telemetryIn(data), sql));

export const EVERYTHING = [
  'SELECT * FROM samples ORDER BY cylinder, t, boot, seq',
  'SELECT * FROM incidents ORDER BY id',
];

export const assertSame = async (data: string, other: string): Promise<void> => {
  for (const sql of EVERYTHING) assert.deepEqual(await rowsOf(data, sql), await rowsOf(other, sql));
};

export const exportFrom = async (data: string, asked: Partial<ExportQuestion> = {}) => {
  const to = asked.to ?? place();
  const all = await Array.fromAsync(exportStore(telemetryIn(data), { ...ALL, ...asked, to }));
  return { to, last: all.at(-1) };
};

export const importInto = async (data: string, from: string, partial = false): Promise<ImportProgress> => {
  const all = await Array.fromAsync(importIntoFolder(openDataFolder(data), { from, partial }));
  const last = all.at(-1);
  assert.ok(last);
  return last;
};

/** Writes a Parquet file of what a SELECT says. */
export const parquet = async (file: string, select: string): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
};
