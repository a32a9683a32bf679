import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { encodeBinary } from './encode-binary.ts';
import { encodePickle } from './encode-pickle.ts';
import { encodeTar } from './encode-tar.ts';
import { bytesOf, stump } from './stump.ts';

const split = { feature: 1, split: 2.5, left: -1, right: 1 };
const json = bytesOf(stump(split));
const text = new TextDecoder().decode(json);
const changed = (from: string, to: string) => {
  assert.ok(text.includes(from), from);
  return Buffer.from(text.replace(from, to));
};
const latin1 = (content: string) => Buffer.from(content, 'latin1');

const refusals: readonly (readonly [string, Uint8Array, string, RegExp])[] = [
  ['an empty file', new Uint8Array(), 'not-a-model', /the file is empty/],
  ['a dump', latin1('booster[0]:\n0:[f1<2.5] yes=1,no=2\n'), 'not-a-model', /text of dump_model/],
  ['a JSON dump', latin1('[{"nodeid":0,"leaf":1}]'), 'not-a-model', /no "learner"/],
  ['PMML', latin1('<?xml version="1.0"?><PMML version="4.3">'), 'not-a-model', /PMML/],
  ['ONNX', latin1('\x08\x08\x12\x0bonnxmltools'), 'not-a-model', /ONNX/],
  ['a page', latin1('<!DOCTYPE html><html>'), 'not-a-model', /web page/],
  ['LightGBM', latin1('tree\nversion=v4\n'), 'not-a-model', /LightGBM/],
  [
    'another objective',
    changed('binary:logistic', 'reg:squarederror'),
    'unsupported',
    /reg:squarederror.*train/,
  ],
  ['gblinear', changed('"name":"gbtree"', '"name":"gblinear"'), 'unsupported', /gblinear/],
  [
    'five features',
    changed('"num_feature":"6","num_target"', '"num_feature":"5","num_target"'),
    'unsupported',
    /5 features/,
  ],
  ['classes', changed('"num_class":"0"', '"num_class":"3"'), 'unsupported', /3 classes/],
  ['outputs', changed('"base_score":"5E-1"', '"base_score":"[5E-1,5E-1]"'), 'unsupported', /several outputs/],
  ['a category', changed('"split_type":[0,', '"split_type":[1,'), 'unsupported', /by category/],
  ['a strange name', changed('wEncoderVelocity', 'speed'), 'unsupported', /speed.*wEncoderVelocity/],
  ['a base score of 1', changed('"5E-1"', '"1E0"'), 'damaged', /base_score 1 is not between/],
  ['a child out of range', changed('"left_children":[1,', '"left_children":[3,'), 'damaged', /child/],
  ['a cycle', changed('"left_children":[1,-1', '"left_children":[1,0'), 'damaged', /node 1 of tree 0/],
  ['a lost node', changed('"left_children":[1,', '"left_children":[-1,'), 'damaged', /cannot be reached/],
  [
    'a feature out of range',
    changed('"split_indices":[1,', '"split_indices":[6,'),
    'damaged',
    /feature 6 of 6/,
  ],
  ['NaN', changed('"split_conditions":[2.5,', '"split_conditions":[NaN,'), 'damaged', /JSON/],
  [
    'a huge number',
    changed('"split_conditions":[2.5,', '"split_conditions":[1e39,'),
    'damaged',
    /not finite/,
  ],
  [
    'too many trees',
    changed('"num_trees":"1"', '"num_trees":"10000000"'),
    'damaged',
    /announces 10000000 trees/,
  ],
  ['deep nesting', latin1(`{"a":${'['.repeat(100_000)}`), 'damaged', /nested too deeply/],
  ['many keys', latin1(`{${'"":0,'.repeat(400_000)}"":0}`), 'too-large', /400001 texts/],
  ['gzip in gzip', gzipSync(gzipSync(json)), 'damaged', /gzip twice/],
  ['a bomb', gzipSync(Buffer.alloc(41 * 2 ** 20)), 'too-large', /more than 40 MB/],
  ['a broken gzip', gzipSync(json).subarray(0, 100), 'damaged', /compression/],
  ['a link', encodeTar([{ name: 'xgboost-model', bytes: new Uint8Array(), type: '2' }]), 'unsafe', /link/],
  [
    'an empty archive',
    encodeTar([{ name: 'readme', bytes: latin1('hello') }]),
    'not-a-model',
    /no model in it/,
  ],
  [
    'a missing fold',
    encodeTar([0, 2].map((i) => ({ name: `xgboost-model-${i}`, bytes: json }))),
    'damaged',
    /model-1/,
  ],
  [
    'two models',
    encodeTar(['a', 'b'].map((name) => ({ name, bytes: json }))),
    'not-a-model',
    /several.*a, b/,
  ],
  [
    'a fold of two',
    encodeTar([json, latin1('?')].map((bytes, i) => ({ name: `xgboost-model-${i}`, bytes }))),
    'not-a-model',
    /in xgboost-model-1/,
  ],
  ['a shell', latin1('\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R.'), 'unsafe', /posix\.system/],
  ['eval', latin1('\x80\x02c__builtin__\neval\nX\x01\x00\x00\x001\x85R.'), 'unsafe', /eval/],
  ['a reference', latin1('\x80\x02X\x01\x00\x00\x001Q.'), 'unsafe', /outside itself/],
  ['a dict', latin1('\x80\x02}.'), 'not-a-model', /a dict, not a Booster/],
  [
    'a classifier',
    latin1('\x80\x02cxgboost.sklearn\nXGBClassifier\n)\x81}b.'),
    'unsupported',
    /XGBClassifier/,
  ],
  ['an endless pickle', latin1(`\x80\x02${'N'.repeat(300_000)}.`), 'damaged', /too many steps/],
  ['a pickle in a pickle', encodePickle(encodePickle(json)), 'damaged', /pickle twice/],
  ['vector leaves', encodeBinary({ header: true, major: 1, leafVector: 2 }), 'unsupported', /several values/],
  [
    'a binary gblinear',
    encodeBinary({ header: true, major: 1, booster: 'gblinear' }),
    'unsupported',
    /gblinear/,
  ],
  [
    'a longer binary',
    Buffer.concat([encodeBinary({ header: true, major: 1 }), json]),
    'damaged',
    /follow its end/,
  ],
];

for (const [what, bytes, code, expected] of refusals)
  test(`${what} is refused with what it is and what to do`, () => {
    const result = readModel(bytes, 'the-file');
    assert.ok(!result.ok);
    assert.equal(result.error.code, code, result.error.message);
    assert.match(result.error.message, expected);
    assert.match(result.error.message, /^the-file: [^\n]+; [^\n]+\.$/);
  });
