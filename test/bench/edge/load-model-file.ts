import * as v from 'valibot';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { answer } from '../processes/answer.ts';

/** Loads a model in a process that has loaded none before, and then again. */

const path = v.string();

const load = async (about: unknown): Promise<number> => {
  const started = performance.now();
  const loaded = await loadModel(v.parse(path, about));
  if (!loaded.ok) throw new Error(loaded.error.message);
  return performance.now() - started;
};

answer({ load });
