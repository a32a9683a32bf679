import type { SensorValues } from '../../domain/message/sample.ts';
import { fileFault, fileSamples, type RecordingFile } from '../../edge/recordings/recording.ts';
import type { TableMap } from '../../edge/recordings/table.ts';
import type { SourceSample } from '../../edge/sources/source.ts';
import { hasMark, recordingFile } from './open-table.ts';
import { readStoredTelemetry } from './read-stored-telemetry.ts';
import type { LabelledSample, OpenedRecording, RecordedMessage, Recording } from './recording.ts';

/** A model as far as a backtest needs it: its name, and the probability of abnormal for six values. */
export type Scorer = Readonly<{ name: string; probability: (values: SensorValues) => number }>;

const GATEWAY = 'recording';
const BATCH = 1000;

/** A sample was received when it was taken, and not before any that was received earlier. */
function* inBatches(samples: readonly LabelledSample[]): Generator<readonly RecordedMessage[], void> {
  for (let start = 0; start < samples.length; start += BATCH) {
    yield samples
      .slice(start, start + BATCH)
      .map((sample) => ({ gateway: GATEWAY, receivedAt: sample.t, samples: [sample] }));
  }
}

/**
 * Reads and scores a whole recording in a file; `onProgress` is given the number of rows read. Cylinders that stand one
 * after the other in the file are put side by side, as they were when it was recorded.
 */
const readFileRecording = async (
  file: RecordingFile,
  scorer: Scorer,
  onProgress: (rows: number) => void,
): Promise<OpenedRecording> => {
  const samples: LabelledSample[] = [];
  let isInOrder = true;
  let lastMs = Number.NEGATIVE_INFINITY;
  const take = ({ cylinder, t, values, label }: SourceSample): void => {
    samples.push({
      cylinder,
      gateway: GATEWAY,
      t,
      boot: null,
      seq: null,
      model: scorer.name,
      values,
      probability: scorer.probability(values),
      why: null,
      label,
    });
    isInOrder &&= t >= lastMs;
    lastMs = t;
  };
  try {
    for await (const block of fileSamples(file)) {
      for (const sample of block) take(sample);
      onProgress(samples.length);
    }
  } catch (error) {
    return { ok: false, message: fileFault(file.path, error) };
  }
  if (!isInOrder) samples.sort((a, b) => a.t - b.t);
  const messages = () => inBatches(samples);
  return {
    ok: true,
    recording: { file: file.path, samples: samples.length, messages, close: () => undefined },
  };
};

/** DuckDB's mark, after the checksum of its first block. https://duckdb.org/docs/stable/internals/storage */
const MARK = 'DUCK';
const MARK_AT = 8;

/** Whether a file is a telemetry store and not a CSV recording, by its content; false where it cannot be read at all. */
export const isTelemetryStore = (file: string): Promise<boolean> =>
  hasMark(file, MARK, MARK_AT).catch(() => false);

/** A message as another model would have scored it. */
export const rescored = (message: RecordedMessage, { name, probability }: Scorer): RecordedMessage => ({
  ...message,
  samples: message.samples.map((sample) => ({
    ...sample,
    model: name,
    probability: probability(sample.values),
    why: null,
  })),
});

async function* rescoredMessages(
  { messages }: Recording,
  scorer: Scorer,
): AsyncGenerator<readonly RecordedMessage[], void> {
  for await (const batch of messages()) yield batch.map((message) => rescored(message, scorer));
}

/** Stored samples as another model would have scored them, at the times at which they were received. */
const rescoredRecording = (opened: OpenedRecording, scorer: Scorer): OpenedRecording => {
  if (!opened.ok) return opened;
  const { recording } = opened;
  return { ok: true, recording: { ...recording, messages: () => rescoredMessages(recording, scorer) } };
};

/** Opens a recording of either kind; a CSV needs a model, which is `scorer`, and stored samples are scored anew by one. */
export const openRecording = async (
  file: string,
  scorer: Scorer | null,
  onProgress: (rows: number) => void,
  map?: TableMap,
): Promise<OpenedRecording> => {
  if (await isTelemetryStore(file)) {
    const opened = await readStoredTelemetry(file);
    return scorer === null ? opened : rescoredRecording(opened, scorer);
  }
  if (scorer !== null) return readFileRecording(recordingFile(file, map), scorer, onProgress);
  return {
    ok: false,
    message: `${file} is a recording without probabilities and needs the model that fits it: --model PATH`,
  };
};
