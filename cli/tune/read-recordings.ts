import { basename } from 'node:path';
import {
  isTelemetryStore,
  openRecording,
  readFileSamples,
} from '../../backtest/recordings/open-recording.ts';
import { recordingFile } from '../../backtest/recordings/open-table.ts';
import type { Scorer } from '../../backtest/recordings/packed-samples.ts';
import type { RecordedMessage } from '../../backtest/recordings/recording.ts';
import { thinFault } from '../../backtest/sampling-warnings.ts';
import type { KeptRecording } from '../../backtest/tune/try-policy.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { TreeChoice } from '../../edge/model/model.ts';
import { createSpacings } from '../../edge/recordings/spacing.ts';
import { readFaultsFile, readMapFile, tableMapFor } from '../options/map-file.ts';
import { openScorer } from '../options/open-model.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { isStored, storedRecordings } from './stored-recordings.ts';

/** Which recordings are tuned on, and what scores and labels them. */
export type RecordingChoice = Readonly<{
  input: readonly string[];
  model?: string;
  trees?: TreeChoice;
  map?: string;
  labels?: string;
  faults?: string;
  /** Left out on either side of each stored incident, ms. */
  margin: number;
  crossTrain?: boolean;
}>;

const scorerOf = async ({ model, trees, crossTrain: isCross }: RecordingChoice): Promise<Scorer | null> => {
  if (isCross === true) return { name: 'cross-trained', start: () => () => 0 };
  if (model === undefined) return null;
  return await openScorer(model, trees);
};

/** In the place of a file of labels: what people found when they closed incidents. */
const OUTCOMES = 'outcomes';

const findStored = async (paths: readonly string[]): Promise<string | undefined> => {
  for (const path of paths) if (await isStored(path)) return path;
  return undefined;
};

const readStored = async (
  path: string,
  options: RecordingChoice,
  onProgress: (text: string) => void,
): Promise<readonly KeptRecording[]> => {
  if (options.input.length > 1)
    throw new UsageError(`${path} is what a pipeline stored: give it alone, each cylinder is a recording`);
  const file = options.labels === OUTCOMES ? undefined : options.labels;
  const intervals = (await tableMapFor(undefined, file))?.intervals ?? null;
  const source = { intervals, faults: await readFaultsFile(options.faults), marginMs: options.margin };
  return await storedRecordings(path, source, await scorerOf(options), onProgress);
};

/** All messages of a telemetry store; a table is told that it needs a model. */
const readAll = async (file: string, scorer: Scorer | null) => {
  const opened = await openRecording(file, scorer, () => undefined);
  if (!opened.ok) return opened;
  const batches = await Array.fromAsync(opened.recording.messages());
  opened.recording.close();
  return { ok: true as const, messages: batches.flat() };
};

const readFiles = async (
  options: RecordingChoice,
  onProgress: (text: string) => void,
): Promise<readonly KeptRecording[]> => {
  if (options.labels === OUTCOMES || options.faults !== undefined)
    throw new UsageError(
      '--labels outcomes and --faults go with what a pipeline stored: --input sentinel-data, its telemetry.duckdb or an export',
    );
  const scorer = await scorerOf(options);
  const map = await tableMapFor(await readMapFile(options.map), options.labels);
  const recordings: KeptRecording[] = [];
  for (const file of options.input) {
    const tell = (rows: number) => onProgress(`reading ${file}: ${rows} rows`);
    const read =
      scorer === null || (await isTelemetryStore(file))
        ? await readAll(file, scorer)
        : await readFileSamples(recordingFile(file, map), scorer, tell);
    if (!read.ok) throw new UsageError(read.message);
    recordings.push({ name: basename(file), messages: read.messages });
  }
  return recordings;
};

/** Reads and scores the recordings, each once: files, or what a pipeline stored. */
export const readRecordings = async (
  options: RecordingChoice,
  book: PolicyBook,
  onProgress: (text: string) => void,
): Promise<readonly KeptRecording[]> => {
  const stored = await findStored(options.input);
  const recordings =
    stored === undefined
      ? await readFiles(options, onProgress)
      : await readStored(stored, options, onProgress);
  for (const [place, { messages }] of recordings.entries()) {
    const spacings = createSpacings();
    for (const { samples } of messages) for (const sample of samples) spacings.add(sample);
    const thin = thinFault(stored ?? options.input[place] ?? '', spacings.typical(), book.of);
    if (thin !== null) throw new UsageError(thin);
  }
  const isAbnormal = ({ samples }: RecordedMessage) => samples.some(({ label }) => label === true);
  const isLabelled = recordings.some(({ messages }) => Iterator.from(messages).some(isAbnormal));
  if (!isLabelled)
    throw new UsageError(
      'no recording has a row labelled as abnormal: give CSV recordings with a column label or anomaly of 0 and 1',
    );
  return recordings;
};
