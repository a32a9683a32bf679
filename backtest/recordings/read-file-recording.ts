import type { SensorValues } from '../../domain/message/sample.ts';
import { fileFault, fileSamples, type RecordingFile } from '../../edge/recordings/recording.ts';
import type { SourceSample } from '../../edge/sources/source.ts';
import type { LabelledSample, OpenedRecording, RecordedMessage } from './recording.ts';

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
export const readFileRecording = async (
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
