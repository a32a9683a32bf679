import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspection, modelCommand } from '../../cli/model.ts';
import { readModel } from '../../edge/model/formats/read-model.ts';
import { encodeBinary } from '../edge/model/encode-binary.ts';
import { sound } from '../edge/model/stump.ts';

test('an inspection tells what wrote the model, how large it is and which trees answer', () => {
  const attributes = { best_iteration: '0' };
  const bytes = encodeBinary({ header: true, major: 1, attributes });
  const page = inspection(sound(readModel(bytes, 'm.bin')));
  assert.match(page, /^name +m\.bin@[0-9a-f]{12}\n/);
  assert.match(page, /written by XGBoost +1\.0\n/);
  assert.match(page, /booster +gbtree, 1 trees, depth 1, 2 leaves\n/);
  assert.match(page, /trees used +all 1; the best iteration 0 is the last\n/);
});

test('the command inspects, converts and promotes', () => {
  const names = modelCommand().commands.map((command) => command.name());
  assert.deepEqual(names, ['inspect', 'convert', 'promote']);
});
