import type { DuckDBConnection } from '@duckdb/node-api';
import * as v from 'valibot';
import { type IncidentRecord, progressOf } from '../../domain/incident/incident-record.ts';
import { openLedgerDatabase } from '../ledger/open-ledger-database.ts';
import type { DataFolder } from '../run/data-folder.ts';
import { explainFailure, LocalError } from '../run/local-error.ts';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';
import { type Pace, paced, unpaced } from '../telemetry/paced.ts';
import { incidentOfRow } from '../telemetry/read-incidents.ts';
import { readManifest } from './exchange-folder.ts';
import {
  type ExchangeFile,
  filesOf,
  incidentsOf,
  openReader,
  samplesOf,
  type Understood,
} from './read-exchange.ts';

const question = v.object({ from: v.string(), partial: v.boolean() });

/** Which folder is imported, and whether also an export that was broken off. */
export type ImportQuestion = v.InferOutput<typeof question>;

const PROGRESS = v.object({
  files: v.number(),
  ofFiles: v.number(),
  stored: v.number(),
  repeated: v.number(),
  incidents: v.number(),
  refused: v.number(),
  reasons: v.array(v.string()),
});

/**
 * How far an import is: files read of those there are; samples stored, and those that were stored before; incidents that
 * were new or had gone further; rows that were refused, and the first few reasons.
 */
export type ImportProgress = Readonly<v.InferOutput<typeof PROGRESS>>;
export const readImportProgress = (value: unknown): ImportProgress => v.parse(PROGRESS, value);

type Target = Pick<DuckDbTelemetry, 'write' | 'query' | 'recordIncident'>;
type Counted = Partial<Omit<ImportProgress, 'files' | 'ofFiles'>>;

/** So many different reasons are told. */
const MAX_REASONS = 5;

/** Numbers within a reason differ from row to row: it is told once. */
const sameReason = (reason: string): string => reason.replaceAll(/[\d:.TZ-]+/g, '#');

const added = (before: ImportProgress, more: Counted): ImportProgress => {
  const told = new Set(before.reasons.map(sameReason));
  const fresh = (more.reasons ?? []).filter((reason) => {
    const isNew = !told.has(sameReason(reason));
    told.add(sameReason(reason));
    return isNew;
  });
  return {
    ...before,
    stored: before.stored + (more.stored ?? 0),
    repeated: before.repeated + (more.repeated ?? 0),
    incidents: before.incidents + (more.incidents ?? 0),
    refused: before.refused + (more.refused ?? 0),
    reasons: [...before.reasons, ...fresh].slice(0, MAX_REASONS),
  };
};

const taken = <T>(rows: readonly Understood<T>[]) => ({
  values: rows.flatMap((row) => (row.ok ? [row.value] : [])),
  reasons: rows.flatMap((row) => (row.ok ? [] : [row.reason])),
});

/** Stores the incidents that are not stored yet, or of which less is known here. Resolves with how many those were. */
const storeIncidents = async (target: Target, records: readonly IncidentRecord[]): Promise<number> => {
  let stored = 0;
  for (const record of records) {
    const [row] = await target.query('SELECT * FROM incidents WHERE id = $1', [record.id]);
    if (row !== undefined && progressOf(incidentOfRow(row)) >= progressOf(record)) continue;
    await target.recordIncident(record);
    stored += 1;
  }
  return stored;
};

async function* importFile(
  target: Target,
  reader: DuckDBConnection,
  file: ExchangeFile,
  pace: Pace,
): AsyncGenerator<Counted, void> {
  const from = (reasons: readonly string[]) => reasons.map((reason) => `${file.name}: ${reason}`);
  if (file.kind === 'incidents') {
    const { values, reasons } = taken(await incidentsOf(reader, file));
    yield {
      incidents: await pace(() => storeIncidents(target, values)),
      refused: reasons.length,
      reasons: from(reasons),
    };
    return;
  }
  for await (const rows of samplesOf(reader, file)) {
    const { values, reasons } = taken(rows);
    const { stored, repeated, rejected } = await pace(() => target.write(values));
    yield {
      stored,
      repeated,
      refused: reasons.length + rejected.length,
      reasons: from([...reasons, ...rejected.map(({ detail }) => detail)]),
    };
  }
}

async function* importAll(
  target: Target,
  { from, partial }: ImportQuestion,
  pace: Pace,
): AsyncGenerator<ImportProgress, void> {
  if (readManifest(from)?.finished === false && !partial)
    throw new LocalError(
      'Unfinished',
      `the export in ${from} was broken off: export the same again to go on with it, or import what is there with --partial`,
    );
  const { connection: reader, close } = await openReader();
  try {
    const files = await filesOf(reader, from);
    let progress: ImportProgress = {
      files: 0,
      ofFiles: files.length,
      stored: 0,
      repeated: 0,
      incidents: 0,
      refused: 0,
      reasons: [],
    };
    for (const [index, file] of files.entries()) {
      for await (const more of importFile(target, reader, file, pace)) {
        progress = added(progress, more);
        yield progress;
      }
      progress = { ...progress, files: index + 1 };
      yield progress;
    }
  } catch (error) {
    if (error instanceof LocalError) throw error;
    throw explainFailure(`The import of ${from}`, error, []);
  } finally {
    close();
  }
}

/** Imports as a pipeline that runs does for who asks it: with its progress, at a pace that leaves the pipeline its own. */
export const answerImports = (telemetry: Target) =>
  async function* (what: unknown, signal: AbortSignal): AsyncGenerator<ImportProgress, void> {
    for await (const progress of importAll(telemetry, v.parse(question, what), paced())) {
      yield progress;
      if (signal.aborted) return;
    }
  };

/** The same into a folder on which no pipeline runs; a folder that is new gets its ledger too, as a first start makes it. */
export async function* importIntoFolder(
  folder: DataFolder,
  asked: ImportQuestion,
): AsyncGenerator<ImportProgress, void> {
  const ledger = openLedgerDatabase({ path: folder.ledger });
  try {
    const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
    try {
      yield* importAll(telemetry, asked, unpaced);
    } finally {
      await telemetry.close();
    }
  } finally {
    ledger.close();
  }
}
