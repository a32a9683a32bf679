import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspection } from '../../../cli/model.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { treesRemark, withTrees } from '../../../edge/model/model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { bytesOf, sound, stump } from './stump.ts';

/** An object of a Python class with a state, as protocol 2 pickles it. */
const pickled = (module: string, name: string, state = '') =>
  Buffer.from(`\x80\x02c${module}\n${name}\n)\x81}(${state}ub.`, 'latin1');

for (const [what, bytes, expected] of [
  [
    'a pipeline loses its scaler',
    pickled('sklearn.pipeline', 'Pipeline'),
    /a scaler.*fit the classifier alone on raw values/,
  ],
  [
    'a calibrated classifier loses its calibration',
    pickled('sklearn.calibration', 'CalibratedClassifierCV'),
    /without its calibration.*into the leaves/,
  ],
  [
    'a search holds a classifier',
    pickled('sklearn.model_selection._search', 'GridSearchCV'),
    /take the XGBClassifier out of it/,
  ],
  [
    'an early-stopped classifier loses its best iteration',
    pickled('xgboost.sklearn', 'XGBClassifier', "S'early_stopping_rounds'\nI3\n"),
    /lose its best iteration.*get_booster\(\)\[: classifier\.best_iteration \+ 1\]\.save_model/,
  ],
  [
    'a classifier with missing= loses that',
    pickled('xgboost.sklearn', 'XGBClassifier', "S'missing'\nF-999\nS'early_stopping_rounds'\nN"),
    /lose missing=-999 .*send no -999/,
  ],
  [
    'a plain classifier loses nothing',
    pickled('xgboost.sklearn', 'XGBClassifier', "S'missing'\nFnan\n"),
    /XGBClassifier; save it with classifier\.save_model/,
  ],
] as const)
  test(`of a pickle it is said what a saved file would lose: ${what}`, () => {
    const loaded = readModel(bytes, 'model.pkl');
    assert.match(loaded.ok ? '' : loaded.error.message, expected);
  });

test('a model of 0 rounds is told from a damaged one', () => {
  const document = JSON.parse(JSON.stringify(stump({ feature: 0, split: 1, left: -1, right: 1 })));
  const { model } = document.learner.gradient_booster;
  model.trees = [];
  model.tree_info = [];
  model.gbtree_model_param.num_trees = '0';
  const loaded = readModel(bytesOf(document), 'zero.json');
  assert.match(loaded.ok ? '' : loaded.error.message, /trained for 0 rounds.*at least one round/);
  assert.doesNotMatch(loaded.ok ? '' : loaded.error.message, /damaged/);
});

test('trees beyond the best iteration answer by default, which is said, and not where the best were chosen', () => {
  const document = JSON.parse(JSON.stringify(stump({ feature: 0, split: 1, left: -1, right: 1 })));
  const { gradient_booster, attributes } = document.learner;
  gradient_booster.model.trees.push({ ...gradient_booster.model.trees[0], id: 1 });
  gradient_booster.model.tree_info = [0, 0];
  gradient_booster.model.gbtree_model_param.num_trees = '2';
  document.learner.attributes = { ...attributes, best_iteration: '0' };
  const model = sound(readModel(bytesOf(document), 'early.json'));
  const row = [50, 2, 2, 4, 50, 1000];
  assert.equal(score(model, row).margin, 2);
  assert.match(treesRemark(model) ?? '', /^early\.json: all 2 trees are used.*the first 1 best/);
  const best = withTrees(model, 'best');
  for (let i = 0; i < 100; i++) assert.equal(score(best, row).margin, 1);
  assert.equal(treesRemark(best), null);
  assert.match(inspection(best), /gbtree, 1 trees/);
});
