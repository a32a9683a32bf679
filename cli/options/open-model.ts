import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import type { Scorer } from '../../backtest/recordings/packed-samples.ts';
import { scoresInOrder } from '../../edge/model/deviation.ts';
import { loadModel } from '../../edge/model/formats/read-model.ts';
import { type Model, type TreeChoice, treesRemark, withTrees } from '../../edge/model/model.ts';
import { score } from '../../edge/model/predict/score.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Where the model of the simulated line lies. */
export const LINE_MODEL = fileURLToPath(new URL('../../edge/model/simulated-line.json', import.meta.url));

/** Which trees of a model with early stopping answer. */
export const treesOption = (): Option =>
  new Option(
    '--trees <which>',
    'of a model with early stopping: all trees, or those up to the best iteration',
  ).choices(['all', 'best']);

/** A model on trial beside the one that decides. */
export const challengerOption = (): Option =>
  new Option(
    '--challenger <path>',
    'a model on trial: it scores every sample too, is stored beside the other, and decides nothing',
  );

/**
 * Opens a model; rejects with a line that names it, what is wrong with it and what to do. Where nobody has chosen, it
 * says once on standard error that more trees answer than early stopping found best.
 */
export const openModel = async (
  path: string,
  trees?: TreeChoice,
  load: typeof loadModel = loadModel,
): Promise<Model> => {
  const loaded = await load(path);
  if (!loaded.ok) throw new UsageError(loaded.error.message);
  if (trees !== undefined) return withTrees(loaded.model, trees);
  const remark = treesRemark(loaded.model);
  if (remark !== null) process.stderr.write(`${remark}\n`);
  return loaded.model;
};

/** Opens a model to score recordings with; rejects as `openModel` does. */
export const openScorer = async (path: string, trees?: TreeChoice): Promise<Scorer> => {
  const model = await openModel(path, trees);
  return {
    name: `${model.name}@${model.version}`,
    start: () => scoresInOrder(model.baseline, (values) => score(model, values).probability),
  };
};
