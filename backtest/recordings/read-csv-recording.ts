import type { SensorValues } from '../../domain/message/sample.ts';
import { recordingRows } from '../../edge/sources/recording-rows.ts';
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
 * Reads and scores a whole CSV recording; `onProgress` is given the number of rows read. Cylinders that stand one
 * after the other in the file are put side by side, as they were when it was recorded.
 */
export const readCsvRecording = async (
  file: string,
  scorer: Scorer,
  onProgress: (rows: number) => void,
): Promise<OpenedRecording> => {
  const samples: LabelledSample[] = [];
  let isInOrder = true;
  let lastMs = Number.NEGATIVE_INFINITY;
  for await (const item of recordingRows(file)) {
    if ('problem' in item) return { ok: false, message: item.problem };
    const { cylinder, t, values, label } = item.sample;
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
    if (samples.length % BATCH === 0) onProgress(samples.length);
  }
  if (!isInOrder) samples.sort((a, b) => a.t - b.t);
  const messages = () => inBatches(samples);
  return { ok: true, recording: { file, samples: samples.length, messages, close: () => undefined } };
};
