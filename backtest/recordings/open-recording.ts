import type { TableMap } from '../../edge/recordings/table-map.ts';
import { hasMark, recordingFile } from './open-table.ts';
import { readFileRecording, type Scorer } from './read-file-recording.ts';
import { readStoredTelemetry } from './read-stored-telemetry.ts';
import type { OpenedRecording, RecordedMessage, Recording } from './recording.ts';

/** DuckDB's mark, after the checksum of its first block. https://duckdb.org/docs/stable/internals/storage */
const MARK = 'DUCK';
const MARK_AT = 8;

/** Whether a file is a telemetry store and not a CSV recording, by its content; false where it cannot be read at all. */
export const isTelemetryStore = (file: string): Promise<boolean> =>
  hasMark(file, MARK, MARK_AT).catch(() => false);

async function* rescoredMessages(
  { messages }: Recording,
  { name, probability }: Scorer,
): AsyncGenerator<readonly RecordedMessage[], void> {
  for await (const batch of messages()) {
    yield batch.map((message) => ({
      ...message,
      samples: message.samples.map((sample) => ({
        ...sample,
        model: name,
        probability: probability(sample.values),
        why: null,
      })),
    }));
  }
}

/** Stored samples as another model would have scored them, at the times at which they were received. */
const rescored = (opened: OpenedRecording, scorer: Scorer): OpenedRecording => {
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
    return scorer === null ? opened : rescored(opened, scorer);
  }
  if (scorer !== null) return readFileRecording(recordingFile(file, map), scorer, onProgress);
  return {
    ok: false,
    message: `${file} is a recording without probabilities and needs the model that fits it: --model PATH`,
  };
};
