import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SensorValues } from '../../../domain/message/sample.ts';
import { calibrated } from '../../../domain/model/calibration.ts';
import { readModelCard } from '../../../domain/model/model-card.ts';
import { type LoadModelResult, loadModel } from '../formats/read-model.ts';
import type { Model } from '../model.ts';
import { score } from '../predict/score.ts';

/** Where the card of a model lies: beside its file, or in its folder. */
export const cardPath = (model: string): string => `${model.replace(/\.json$/, '')}.card.json`;

/** What a model says of six values, by its calibration where it was loaded with one: the probability of abnormal. */
export const probabilityOf = (model: Model, values: SensorValues): number => {
  const { probability } = score(model, values);
  return model.calibration === undefined ? probability : calibrated(model.calibration, probability);
};

const cardOf = async (path: string): Promise<string> => {
  const found = await stat(path);
  return found.isDirectory() ? join(path, 'model.card.json') : cardPath(path);
};

const refused = (message: string): LoadModelResult => ({
  ok: false,
  error: { code: 'unsupported', message },
});

/**
 * Loads a model with the calibration of its card, by whose name messages then call it: `model.json+platt@…`. Without one it
 * is refused, since scores of both kinds under one threshold mean different things.
 */
export const loadCalibrated = async (path: string): Promise<LoadModelResult> => {
  const loaded = await loadModel(path);
  if (!loaded.ok) return loaded;
  const file = await cardOf(path);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    return refused(`${file}: there is no card beside the model, and calibrated scores were asked for`);
  try {
    const reading = readModelCard(JSON.parse(text));
    if (!reading.ok) return refused(`${file}: ${reading.message}`);
    const { calibration } = reading.card;
    if (calibration === null)
      return refused(`${file} holds no calibration: train the model anew, or leave out --calibrated`);
    const { model } = loaded;
    return { ok: true, model: { ...model, name: `${model.name}+${calibration.kind}`, calibration } };
  } catch {
    return refused(`${file} is no JSON`);
  }
};

/** How a gateway loads its models. */
export const modelLoader = (isCalibrated: boolean): typeof loadModel =>
  isCalibrated ? loadCalibrated : loadModel;
