import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const KeepPresent = createRequire(import.meta.url)('../../../infra/keep-present.cjs');
const { keepPresent } = KeepPresent;

const subscription = (Endpoint: string, TopicArn: unknown = { Ref: 'AlertTopic' }) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn, Protocol: 'email', Endpoint },
});
const channel = (ConfigurationName: unknown, SlackWorkspaceId = 'T1', SlackChannelId = 'C1') => ({
  ChatChannel: {
    Type: 'AWS::Chatbot::SlackChannelConfiguration',
    Properties: { ConfigurationName, SlackWorkspaceId, SlackChannelId },
  },
});
const KEY = { CompositePartitionKey: [{ Type: 'DIMENSION', Name: 'cylinder' }] };
const table = (Schema?: object, hours = 72) => ({
  Samples: {
    Type: 'AWS::Timestream::Table',
    Properties: {
      RetentionProperties: { MemoryStoreRetentionPeriodInHours: hours },
      ...(Schema === undefined ? {} : { Schema }),
    },
  },
});

/** A stack of version 0.1.0, whose subscriptions are called by their places in the list. */
const POSITIONS = { AlertEmail1: subscription('a@x.com'), AlertEmail2: subscription('b@x.com') };

const CASES: readonly (readonly [what: string, present: object, next: object, deployed: object])[] = [
  [
    'a first deploy takes the names of the template',
    {},
    { E1: subscription('a@x.com') },
    { E1: subscription('a@x.com') },
  ],
  [
    'who is subscribed by a place in a list stays so by that name, whatever else changes',
    POSITIONS,
    { Eb: subscription('b@x.com'), Ec: subscription('c@x.com') },
    { AlertEmail2: subscription('b@x.com'), Ec: subscription('c@x.com') },
  ],
  [
    'who stood in a list twice has one subscription, which none of both names may take away',
    { AlertEmail1: subscription('a@x.com'), AlertEmail2: subscription('a@x.com') },
    { Ea: subscription('a@x.com') },
    { AlertEmail1: subscription('a@x.com'), AlertEmail2: subscription('a@x.com') },
  ],
  [
    'another topic is another subscription',
    POSITIONS,
    { Ea: subscription('a@x.com', 'arn:plant') },
    { Ea: subscription('a@x.com', 'arn:plant') },
  ],
  [
    'a channel keeps the name of its configuration',
    channel('of before'),
    channel('new', 'T1', 'C2'),
    channel('of before', 'T1', 'C2'),
  ],
  [
    'another workspace has another configuration',
    channel('of before'),
    channel('new', 'T2'),
    channel('new', 'T2'),
  ],
  ['a table without a partition key goes on without one', table(undefined, 1), table(KEY), table()],
  ['a table with a partition key keeps it', table(KEY, 1), table(KEY), table(KEY)],
  ['a new table has a partition key', { Samples: { Type: 'AWS::Glue::Table' } }, table(KEY), table(KEY)],
];

for (const [what, present, next, deployed] of CASES) {
  test(what, () => {
    const template = structuredClone(next);
    keepPresent(present, template);
    assert.deepEqual(template, deployed);
  });
}

test('it asks for the template of the stack before the deploy begins, and changes the one that is deployed', async () => {
  const body = JSON.stringify({ Resources: POSITIONS }).replaceAll('"', '&quot;');
  const service = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<GetTemplateResponse><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
      );
    });
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  assert.ok(typeof address === 'object' && address !== null);
  const compiledCloudFormationTemplate = { Resources: { Ea: subscription('a@x.com') } };
  const plugin = new KeepPresent({
    service: { provider: { compiledCloudFormationTemplate } },
    getProvider: () => ({
      naming: { getStackName: () => 'cylinder-sentinel-dev' },
      getAwsSdkV3Config: async () => ({
        region: 'eu-central-1',
        endpoint: `http://127.0.0.1:${address.port}`,
        credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      }),
    }),
  });
  await plugin.hooks['before:deploy:deploy']();
  service.closeAllConnections();
  service.close();
  assert.deepEqual(compiledCloudFormationTemplate, { Resources: { AlertEmail1: subscription('a@x.com') } });
});
