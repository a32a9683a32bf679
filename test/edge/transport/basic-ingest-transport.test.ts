import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  basicIngestTransport,
  isRulePrefix,
  isTopicPrefix,
  prefixedTransport,
  type Transport,
} from '../../../edge/transport/transport.ts';

/** A transport that takes everything, and the topics that it was given. */
const heard = () => {
  const topics: string[] = [];
  const nucleus: Transport = {
    ready: () => Promise.resolve(),
    publish(topic) {
      topics.push(topic);
      return Promise.resolve({ ok: true });
    },
    reset() {},
    close: () => Promise.resolve(),
  };
  return { topics, nucleus };
};

test('samples go below the prefix of their stack, past the broker as well, and nothing else does', async () => {
  const { topics, nucleus } = heard();
  for (const transport of [
    prefixedTransport(nucleus, 'busan/inference'),
    basicIngestTransport(nucleus, '$aws/rules/r', 'busan/inference'),
  ]) {
    await transport.publish('greengrass/ml/inference/line-1/cyl-07', '{}');
    await transport.publish('greengrass/ml/status/line-1', '{}');
  }
  assert.deepEqual(topics, [
    'busan/inference/line-1/cyl-07',
    'greengrass/ml/status/line-1',
    '$aws/rules/r/busan/inference/line-1/cyl-07',
    'greengrass/ml/status/line-1',
  ]);
});

for (const [text, isOne] of [
  ['greengrass/ml/inference', true],
  ['plant7', true],
  ['a/b/c/d/e/f', true],
  ['a/b/c/d/e/f/g', false],
  ['', false],
  ['/a', false],
  ['a/', false],
  ['a/+/b', false],
  ['a/#', false],
  ['$aws/rules/r', false],
] as const) {
  test(`${JSON.stringify(text)} ${isOne ? 'may' : 'may not'} stand before a gateway in a topic`, () => {
    assert.equal(isTopicPrefix(text), isOne);
  });
}

test('samples go to the rule, what the gateway says of itself to its topic', async () => {
  const { topics, nucleus } = heard();
  const transport = basicIngestTransport(nucleus, '$aws/rules/cylinders');
  await transport.publish('greengrass/ml/inference/line-1/cyl-07', '{}');
  await transport.publish('greengrass/ml/status/line-1', '{}');
  assert.deepEqual(topics, [
    '$aws/rules/cylinders/greengrass/ml/inference/line-1/cyl-07',
    'greengrass/ml/status/line-1',
  ]);
});

for (const [text, isOne] of [
  ['$aws/rules/a_B9', true],
  ['$aws/rules/', false],
  ['$aws/rules/a-b', false],
  ['$aws/rules/a/b', false],
  ['aws/rules/a', false],
] as const) {
  test(`${text} is ${isOne ? 'the' : 'no'} beginning of a Basic Ingest topic`, () => {
    assert.equal(isRulePrefix(text), isOne);
  });
}
