import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourcesMade } from './fragment.ts';

/** Every list of some of these, in every order. */
const listsOf = (all: readonly string[]): readonly (readonly string[])[] => [
  [],
  ...all.flatMap((first) =>
    listsOf(all.filter((other) => other !== first)).map((others) => [first, ...others]),
  ),
];

const LISTS: readonly (readonly [parameter: string, endpoints: readonly string[]])[] = [
  ['alertEmail', ['a@example.com', 'b@example.com', 'c@example.com']],
  ['alertSms', ['+821012345678', '+821012345679', '+4915112345678']],
  ['operatorEmail', ['a@example.com', 'b@example.com', 'c@example.com']],
];

/** The subscription of each endpoint, as its logical id and all of its properties. */
const subscriptionsOf = async (
  parameter: string,
  list: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const resources = await resourcesMade('alerts', {
    'sls:stage': 'dev',
    [`param:${parameter}`]: list.join(','),
  });
  return new Map(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::SNS::Subscription')
      .map(([id, { Properties }]) => [String(Properties.Endpoint), `${id} ${JSON.stringify(Properties)}`]),
  );
};

for (const [parameter, endpoints] of LISTS) {
  test(`no change of ${parameter} touches the subscription of who stays on the list`, async () => {
    const lists = listsOf(endpoints);
    assert.equal(lists.length, 16);
    const made = await Promise.all(lists.map((list) => subscriptionsOf(parameter, list)));
    made.forEach((subscriptions, index) => {
      assert.deepEqual([...subscriptions.keys()], lists[index]);
    });
    for (const before of made) {
      for (const after of made) {
        for (const [endpoint, subscription] of before)
          if (after.has(endpoint)) assert.equal(after.get(endpoint), subscription);
        // Nor does a name pass from one to another, which CloudFormation would take for a change of the endpoint.
        const ids = new Map([...before, ...after].map(([endpoint, text]) => [text.split(' ')[0], endpoint]));
        assert.equal(ids.size, new Set([...before.keys(), ...after.keys()]).size);
      }
    }
  });
}

test('who gets notices and what operators get has a subscription for each', async () => {
  const resources = await resourcesMade('alerts', {
    'sls:stage': 'dev',
    'param:alertEmail': 'a@example.com',
    'param:operatorEmail': 'a@example.com',
  });
  const topics = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::SNS::Subscription')
    .map(({ Properties }) => Properties.TopicArn);
  assert.deepEqual(topics, [{ Ref: 'AlertTopic' }, { Ref: 'OperatorTopic' }]);
});

test('a repetition in a list is one subscription', async () => {
  assert.equal((await subscriptionsOf('alertEmail', ['a@example.com', 'a@example.com'])).size, 1);
});
