import { basename, extname } from 'node:path';
import type { Source, SourceSample } from '../sources/source.ts';
import { isNewestFirst, withDateOrder } from './clock-reader.ts';
import { findColumns } from './columns.ts';
import { tableSamples } from './sample-rows.ts';
import { stuckFilter } from './sensor-reader.ts';
import { createSpacings } from './spacing.ts';
import { type Table, TableError, type TableMap } from './table.ts';

/** A recording whose every row has been read once and found sound. Times in ms since the epoch. */
export type Recording = Readonly<{
  source: Source;
  samples: number;
  cylinders: readonly string[];
  firstMs: number;
  lastMs: number;
  /** Whether rows say if the cylinder was truly abnormal. */
  isLabelled: boolean;
  /** The usual step between samples of each cylinder, ms; null where there is one sample only. */
  spacings: ReadonlyMap<string, number | null>;
}>;

export type OpenedRecording =
  | Readonly<{ ok: true; recording: Recording }>
  | Readonly<{ ok: false; error: Readonly<{ message: string }> }>;

/** A file to be read as often as is asked, and what is said of how. */
export type RecordingFile = Readonly<{
  path: string;
  open: () => Promise<Table>;
  map?: TableMap;
}>;

const BATCH = 100;

/** The samples of a file, block by block; throws what `fileFault` can describe. */
export async function* fileSamples(file: RecordingFile): AsyncGenerator<readonly SourceSample[], void> {
  const map = await withDateOrder(file.open, file.map);
  const table = await file.open();
  const columns = findColumns(table.header, { needsTime: true, map });
  const fixed = map.cylinder !== undefined && 'name' in map.cylinder ? map.cylinder.name : null;
  const turns = columns.long === null && (await isNewestFirst(file.open, map));
  const order = turns ? 'newest' : 'time';
  const options = { columns, map, order, cylinder: fixed ?? cylinderFromPath(file.path) } as const;
  let isEmpty = true;
  // A table that begins with its newest row is held whole, to be given from the oldest on.
  const held: SourceSample[][] = [];
  for await (const samples of tableSamples(table, options)) {
    isEmpty &&= samples.length === 0;
    if (turns) held.push(samples.toReversed());
    else yield samples;
  }
  const leaveOutStuck = stuckFilter(columns);
  for (const samples of held.toReversed())
    yield samples.map((sample) => {
      const values = [...sample.values];
      leaveOutStuck(sample.cylinder, sample.t, values);
      return { ...sample, values };
    });
  if (isEmpty) throw new TableError('has no rows below its header');
}

/**
 * Opens a recording (columns by name: a time, the six sensors, optionally `cylinder` and `label` or `anomaly`). It reads
 * all of it first, so that a bad row in the middle is reported before anything has been sent; the message names file, line
 * and column.
 */
export const openRecording = async (file: RecordingFile): Promise<OpenedRecording> => {
  const spacings = createSpacings();
  let samples = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isLabelled = false;
  try {
    for await (const block of fileSamples(file)) {
      for (const sample of block) {
        const { t, label } = sample;
        spacings.add(sample);
        firstMs = Math.min(firstMs, t);
        lastMs = Math.max(lastMs, t);
        isLabelled ||= label !== null;
      }
      samples += block.length;
    }
  } catch (error) {
    return { ok: false, error: { message: fileFault(file.path, error) } };
  }
  const typical = spacings.typical();
  return {
    ok: true,
    recording: {
      source: batches(file),
      samples,
      cylinders: [...typical.keys()],
      firstMs,
      lastMs,
      isLabelled,
      spacings: typical,
    },
  };
};

async function* batches(file: RecordingFile): AsyncGenerator<readonly SourceSample[], void> {
  try {
    for await (const block of fileSamples(file))
      for (let from = 0; from < block.length; from += BATCH) yield block.slice(from, from + BATCH);
  } catch (error) {
    const fault = fileFault(file.path, error);
    throw new Error(`The recording changed while it was read: ${fault}`, { cause: error });
  }
}

const cylinderFromPath = (path: string): string => {
  const unpacked = path.replace(/\.(gz|zst)$/i, '');
  const name = basename(unpacked, extname(unpacked))
    .replaceAll(/[^a-zA-Z0-9:_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 128);
  return name === '' ? 'cylinder' : name;
};

const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name one file',
  EACCES: 'this file may not be read; change its permissions or copy it',
};

/** What was thrown when a file was read, as a line that begins with its path. */
export const fileFault = (path: string, error: unknown): string => {
  if (error instanceof TableError) {
    if (/^(line|row) \d/.test(error.message)) return `${path}, ${error.message}`;
    return `${path} ${error.message}`;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return `${path}: ${ADVICE[code] ?? (error instanceof Error ? error.message : String(error))}`;
};

/** A source as if its first sample were of `startMs`: all times are moved by as much. */
export async function* retimedSource(
  source: Source,
  startMs: number,
): AsyncGenerator<readonly SourceSample[], void> {
  let shiftMs: number | null = null;
  for await (const batch of source) {
    const [first] = batch;
    if (first === undefined) continue;
    const byMs: number = shiftMs ?? startMs - first.t;
    shiftMs = byMs;
    yield batch.map((sample) => ({ ...sample, t: sample.t + byMs }));
  }
}
