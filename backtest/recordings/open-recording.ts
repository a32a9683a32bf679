import { fileFault, fileSamples, type RecordingFile } from '../../edge/recordings/recording.ts';
import type { TableMap } from '../../edge/recordings/table.ts';
import { hasMark, recordingFile } from './open-table.ts';
import { createPackedSamples, type PackedMessages, type Scorer, type Scoring } from './packed-samples.ts';
import { readStoredTelemetry } from './read-stored-telemetry.ts';
import type { OpenedRecording, RecordedMessage, Recording } from './recording.ts';

const BATCH = 1000;

function* inBatches(messages: Iterable<RecordedMessage>): Generator<readonly RecordedMessage[], void> {
  let batch: RecordedMessage[] = [];
  for (const message of messages) {
    batch.push(message);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Reads and scores a whole recording in a file; `onProgress` is given the number of rows read. */
export const readFileSamples = async (
  file: RecordingFile,
  scorer: Scorer,
  onProgress: (rows: number) => void,
): Promise<Readonly<{ ok: true; messages: PackedMessages }> | Readonly<{ ok: false; message: string }>> => {
  const packed = createPackedSamples(scorer);
  try {
    for await (const block of fileSamples(file)) {
      for (const sample of block) packed.add(sample);
      onProgress(packed.count());
    }
  } catch (error) {
    return { ok: false, message: fileFault(file.path, error) };
  }
  return { ok: true, messages: packed.messages() };
};

/** DuckDB's mark, after the checksum of its first block. https://duckdb.org/docs/stable/internals/storage */
const MARK = 'DUCK';
const MARK_AT = 8;

/** Whether a file is a telemetry store and not a CSV recording, by its content; false where it cannot be read at all. */
export const isTelemetryStore = (file: string): Promise<boolean> =>
  hasMark(file, MARK, MARK_AT).catch(() => false);

const rescoredMessage = (message: RecordedMessage, model: string, probability: Scoring): RecordedMessage => ({
  ...message,
  samples: message.samples.map((sample) => ({
    ...sample,
    model,
    probability: probability(sample.values, sample.cylinder),
    why: null,
  })),
});

/** The messages of a recording, in their order, as another model would have scored them. */
export const rescored = (
  messages: readonly RecordedMessage[],
  { name, start }: Scorer,
): readonly RecordedMessage[] => {
  const probability = start();
  return messages.map((message) => rescoredMessage(message, name, probability));
};

/** The messages of a recording in batches, as another model would have scored them. */
export async function* rescoredMessages(
  { messages }: Pick<Recording, 'messages'>,
  { name, start }: Scorer,
): AsyncGenerator<readonly RecordedMessage[], void> {
  const probability = start();
  for await (const batch of messages())
    yield batch.map((message) => rescoredMessage(message, name, probability));
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
  if (scorer !== null) {
    const read = await readFileSamples(recordingFile(file, map), scorer, onProgress);
    if (!read.ok) return read;
    const messages = () => inBatches(read.messages);
    return { ok: true, recording: { file, samples: read.messages.count, messages, close: () => undefined } };
  }
  return {
    ok: false,
    message: `${file} is a recording without probabilities and needs the model that fits it: --model PATH`,
  };
};
