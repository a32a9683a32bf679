import { recordingRows } from './recording-rows.ts';
import type { Source, SourceSample } from './source.ts';

/** A recording whose every row has been read once and found sound. Times in ms since the epoch. */
export type Recording = Readonly<{
  source: Source;
  samples: number;
  cylinders: readonly string[];
  firstMs: number;
  lastMs: number;
  /** Whether rows say if the cylinder was truly abnormal. */
  isLabelled: boolean;
}>;

export type OpenedRecording =
  | Readonly<{ ok: true; recording: Recording }>
  | Readonly<{ ok: false; error: Readonly<{ message: string }> }>;

const BATCH = 100;

/**
 * Opens a recording (CSV; columns by name: a time, the six sensors, optionally `cylinder` and `anomaly`). It reads all
 * of it first, so that a bad row in the middle is reported before anything has been sent; the message names file, line and column.
 */
export const openRecording = async (path: string): Promise<OpenedRecording> => {
  const cylinders = new Set<string>();
  let samples = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isLabelled = false;
  for await (const item of recordingRows(path)) {
    if ('problem' in item) return { ok: false, error: { message: item.problem } };
    cylinders.add(item.sample.cylinder);
    samples += 1;
    firstMs = Math.min(firstMs, item.sample.t);
    lastMs = Math.max(lastMs, item.sample.t);
    isLabelled ||= item.sample.label !== null;
  }
  const source = batches(path);
  return { ok: true, recording: { source, samples, cylinders: [...cylinders], firstMs, lastMs, isLabelled } };
};

async function* batches(path: string): AsyncGenerator<readonly SourceSample[], void> {
  let batch: SourceSample[] = [];
  for await (const item of recordingRows(path)) {
    if ('problem' in item) throw new Error(`The recording changed while it was read: ${item.problem}`);
    batch.push(item.sample);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

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
