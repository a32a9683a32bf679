import type { SensorValues } from '../../domain/message/sample.ts';
import type { BoosterRecord } from '../../edge/model/formats/booster-record.ts';
import { buildBooster } from '../../edge/model/formats/build-booster.ts';
import { leafOf } from '../../edge/model/predict/score.ts';
import { sigmoid } from '../../edge/model/predict/single-precision.ts';
import type { LabelledRow } from '../../edge/training/boost.ts';
import { type TrainingSettings, trainModel } from '../../edge/training/train-model.ts';
import { foldsOf } from './choose-policy.ts';
import type { KeptRecording } from './try-policy.ts';

const rowsOf = ({ name, messages }: KeptRecording): readonly LabelledRow[] =>
  messages.flatMap(({ samples }) =>
    samples.flatMap(({ values, label }) =>
      label === null ? [] : [{ values, label: Number(label), recording: name }],
    ),
  );

const scorerOf = (record: BoosterRecord): ((values: SensorValues) => number) => {
  const { forest, baseMargin, boundedSigmoid } = buildBooster(record);
  return (values) => {
    const row = Float32Array.from(values, (value) => value ?? Number.NaN);
    const margin = forest.roots.reduce(
      (sum, root) => Math.fround(sum + (forest.value[leafOf(forest, row, root)] ?? 0)),
      baseMargin,
    );
    return sigmoid(margin, boundedSigmoid);
  };
};

const scored = (
  { name, messages }: KeptRecording,
  probability: (values: SensorValues) => number,
): KeptRecording => ({
  name,
  messages: messages.map((message) => ({
    ...message,
    samples: message.samples.map((sample) => ({
      ...sample,
      model: 'cross-trained',
      probability: probability(sample.values),
    })),
  })),
});

/**
 * Scores each recording by a model that was trained without it, on the groups that the cross-validation of the policy
 * holds out too. Fails where the others have too few rows of a kind.
 */
export const crossTrain = async (
  recordings: readonly KeptRecording[],
  settings: TrainingSettings,
  onProgress: (text: string) => void,
): Promise<
  Readonly<{ ok: true; recordings: readonly KeptRecording[] }> | Readonly<{ ok: false; message: string }>
> => {
  const rows = recordings.map(rowsOf);
  const result = [...recordings];
  for (const heldOut of foldsOf(recordings.length)) {
    onProgress(`training without ${heldOut.map((place) => recordings[place]?.name).join(', ')}`);
    const others = rows.flatMap((its, place) => (heldOut.includes(place) ? [] : its));
    const trained = await trainModel(others, settings);
    if (!trained.ok) return { ok: false, message: trained.message };
    const probability = scorerOf(trained.trained.record);
    for (const place of heldOut) {
      const recording = recordings[place];
      if (recording !== undefined) result[place] = scored(recording, probability);
    }
  }
  return { ok: true, recordings: result };
};
