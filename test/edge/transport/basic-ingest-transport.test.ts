import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basicIngestTransport, isRulePrefix } from '../../../edge/transport/transport.ts';

test('samples go to the rule, what the gateway says of itself to its topic', async () => {
  const topics: string[] = [];
  const transport = basicIngestTransport(
    {
      ready: () => Promise.resolve(),
      publish(topic) {
        topics.push(topic);
        return Promise.resolve({ ok: true });
      },
      reset() {},
      close: () => Promise.resolve(),
    },
    '$aws/rules/cylinders',
  );
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
