import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferenceTopic, isName, isTopicOf, readTopic, topicFault } from './topic.ts';

const ROOT = 'greengrass/ml/inference';
const LONG = 'a'.repeat(128);

const ORIGINS: readonly (readonly [string, string, string | null])[] = [
  [`${ROOT}/g/c`, 'g', 'c'],
  [`${ROOT}/g/c/`, 'g', 'c'],
  [`${ROOT}/g`, 'g', null],
  [`${ROOT}/g/`, 'g', null],
  [`${ROOT}/line-3/press_1:a`, 'line-3', 'press_1:a'],
  [`${ROOT}/${LONG}/${LONG}`, LONG, LONG],
  [`${ROOT}/constructor/__proto__`, 'constructor', '__proto__'],
];
for (const [topic, gateway, cylinder] of ORIGINS) {
  test(`${topic.slice(0, 50)} comes from ${gateway.slice(0, 12)}, ${cylinder?.slice(0, 12) ?? 'of no cylinder'}`, () => {
    assert.deepEqual(readTopic(topic), { gateway, cylinder });
  });
}

const STRANGE: readonly string[] = [
  '',
  '/',
  ROOT,
  `${ROOT}/`,
  `${ROOT}//`,
  `${ROOT}//c`,
  `${ROOT}/g//`,
  `${ROOT}/g/c//`,
  `${ROOT}/g/c/d`,
  `${ROOT}x/g/c`,
  `/${ROOT}/g/c`,
  `x${ROOT}/g/c`,
  'greengrass/ml/Inference/g/c',
  `${ROOT}/g/+`,
  `${ROOT}/#`,
  `${ROOT}/+/c`,
  `${ROOT}/g/c#`,
  `${ROOT}/g/c d`,
  `${ROOT}/g/c\u0000`,
  `${ROOT}/g/c\n`,
  `${ROOT}/g\n/c`,
  `${ROOT}/g/c\u007f`,
  `${ROOT}/g/zylinder-ä`,
  `${ROOT}/g/\ud800`,
  `${ROOT}/g/c.d`,
  `${ROOT}/g/${LONG}a`,
  `${ROOT}/${LONG}a/c`,
];
for (const topic of STRANGE) {
  test(`${JSON.stringify(topic.slice(0, 50))} is nowhere that samples come from`, () =>
    assert.equal(readTopic(topic), null));
}

test('what is published on the topic of a cylinder comes from there', () => {
  assert.equal(inferenceTopic('g', 'c'), `${ROOT}/g/c`);
  assert.deepEqual(readTopic(inferenceTopic('g', 'c')), { gateway: 'g', cylinder: 'c' });
});

test('a name is text and nothing else', () => {
  for (const value of [null, undefined, 3, ['a'], {}, true, Object('a')]) assert.equal(isName(value), false);
});

for (const [topic, fault] of [
  ['x', ''],
  [`${ROOT}`, ''],
  [`${ROOT}/`, ': its gateway is empty'],
  [`${ROOT}//c`, ': its gateway is empty'],
  [`${ROOT}/g/c d`, ': its cylinder has " " (U+0020) as character 2'],
  [`${ROOT}/g/zylinder-ä/`, ': its cylinder has "ä" (U+00E4) as character 10'],
  [`${ROOT}/g😀/c`, ': its gateway has "😀" (U+1F600) as character 2'],
  [`${ROOT}/g/c\n`, ': its cylinder has "\\n" (U+000A) as character 2'],
  [`${ROOT}/g/\ud800`, ': its cylinder has "\\ud800" (U+D800) as character 1'],
  [`${ROOT}/g/${LONG}a`, ': its cylinder has 129 characters'],
  [`${ROOT}/g/c/d`, `: 3 levels after ${ROOT}`],
] as const) {
  test(`of the topic ${JSON.stringify(topic.slice(0, 50))} it is said what is wrong with it`, () => {
    assert.equal(readTopic(topic), null);
    assert.equal(topicFault(topic), `not ${ROOT}/<gateway>[/<cylinder>]${fault}`);
  });
}

test('a filter names topics by its levels, + for any one and # for all that follow', () => {
  const topics = ['a', 'a/b', 'a/b/c', 'x/b'];
  const named = (filter: string) => topics.filter((topic) => isTopicOf(filter, topic)).join(' ');
  assert.equal(named('a/+'), 'a/b');
  assert.equal(named('+/b'), 'a/b x/b');
  assert.equal(named('a/#'), 'a a/b a/b/c');
  assert.equal(named('#'), 'a a/b a/b/c x/b');
  assert.equal(named('a/b'), 'a/b');
});
