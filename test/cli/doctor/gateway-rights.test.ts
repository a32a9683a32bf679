import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { IoTClient } from '@aws-sdk/client-iot';
import { checkGateway } from '../../../cli/doctor/check-gateway.ts';
import { startServer } from '../../aws/start-server.ts';

process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

const PREFIX = 'greengrass/ml/inference';
const CERTIFICATE = 'arn:aws:iot:eu-central-1:123456789012:cert/0123456789abcdef';

const docs = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
const [ofGateway = '', ofCore = ''] = [...docs.matchAll(/```json\n(\{\n {2}"Version"[\s\S]+?)```/g)].map(
  ([, policy]) => policy ?? '',
);

/** A policy of docs/security.md as it is attached to one gateway. */
const put = (policy: string): string =>
  policy
    .replaceAll('REGION', 'eu-central-1')
    .replaceAll('ACCOUNT', '123456789012')
    .replaceAll('CORE', 'line-1');

const allow = (Action: unknown, Resource: unknown, Effect = 'Allow') => ({ Effect, Action, Resource });
const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

/** What the doctor says of the gateway line-1 with these policies on its certificate. */
const examine = async (policies: readonly string[], prefix = PREFIX) => {
  const server = await startServer(({ path }) => {
    const said = (body: object) => ({ status: 200, body: JSON.stringify(body) });
    if (path === '/things/line-1/principals') return said({ principals: [CERTIFICATE] });
    if (path.startsWith('/attached-policies/'))
      return said({ policies: policies.map((_, index) => ({ policyName: `p${index}` })) });
    const [, index = ''] = /^\/policies\/p(\d+)$/.exec(path) ?? [];
    return said({ policyDocument: policies[Number(index)] });
  });
  try {
    const client = new IoTClient({ region: 'eu-central-1', endpoint: server.endpoint, maxAttempts: 1 });
    const [finding] = await checkGateway(client, 'line-1', prefix).run();
    assert.ok(finding);
    return finding;
  } finally {
    await server.close();
  }
};

describe('the policies of docs/security.md', () => {
  for (const [name, policy] of [
    ['of a gateway', ofGateway],
    ['of a Greengrass core', ofCore],
  ] as const) {
    test(`${name} lets it work and do no harm`, async () => {
      const { status, found } = await examine([put(policy)]);
      assert.equal(status, 'ok', found);
    });
  }

  test('of a core lets the nucleus do what it does by itself', () => {
    const {
      Statement,
    }: { Statement: readonly { Action: string | string[]; Resource: string | string[] }[] } = JSON.parse(
      put(ofCore),
    );
    const all = Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
    ).map((text) => text.replace('arn:aws:iot:eu-central-1:123456789012:', ''));
    // https://docs.aws.amazon.com/greengrass/v2/developerguide/device-auth.html#greengrass-core-minimal-iot-policy
    for (const right of [
      'iot:Connect client/line-1',
      'iot:Publish topic/$aws/things/line-1/greengrassv2/health/json',
      'iot:Publish topic/$aws/things/line-1/jobs/*',
      'iot:Receive topic/$aws/things/line-1/jobs/*',
      'iot:Subscribe topicfilter/$aws/things/line-1/jobs/*',
      'iot:AssumeRoleWithCertificate rolealias/GreengrassV2TokenExchangeRoleAlias',
      'greengrass:GetComponentVersionArtifact *',
      'greengrass:ResolveComponentCandidates *',
      'greengrass:GetDeploymentConfiguration *',
      'greengrass:ListThingGroupsForCoreDevice *',
    ])
      assert.ok(all.includes(right), right);
    assert.deepEqual(
      all.filter(
        (right) => right.includes('shadow') && !right.includes('/AWSManagedGreengrassV2Deployment/'),
      ),
      [],
    );
  });
});

describe('a certificate that may do too much is found', () => {
  const [own, connect] = [
    allow('iot:Publish', `arn:aws:iot:eu-central-1:123456789012:topic/${PREFIX}/line-1/*`),
    allow('iot:Connect', 'arn:aws:iot:eu-central-1:123456789012:client/line-1'),
  ];
  for (const [what, statement, words] of [
    [
      'everything, as the installer makes it',
      allow(['iot:Connect', 'iot:Publish', 'iot:Subscribe', 'iot:Receive', 'greengrass:*'], '*'),
      /connect as another, publish as another gateway.*command a cylinder/,
    ],
    ['iot:*', allow('iot:*', '*'), /write shadows over HTTPS, delete shadows, read shadows/],
    [
      'all topics of samples',
      allow('iot:Publish', `arn:aws:iot:*:*:topic/${PREFIX}/*`),
      /may publish as another gateway$/,
    ],
    [
      'any shadow of its own thing',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS IoT's own variable
      allow('iot:Publish', 'arn:aws:iot:*:*:topic/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*'),
      /may write its own twin$/,
    ],
    ['any rule', allow('iot:Publish', 'arn:aws:iot:*:*:topic/$aws/rules/*'), /past the broker$/],
    [
      'everybody’s samples',
      allow('iot:Subscribe', 'arn:aws:iot:*:*:topicfilter/greengrass/*'),
      /subscribe to the samples of others$/,
    ],
  ] as const) {
    test(what, async () => {
      const { status, found, advice } = await examine([policyOf(own, connect), policyOf(statement)]);
      assert.equal(status, 'fail');
      assert.match(found, words);
      assert.match(advice ?? '', /docs\/security\.md/);
    });
  }

  test('unless another policy denies it', async () => {
    const all = allow('iot:*', '*');
    const denied = {
      ...all,
      Effect: 'Deny',
      Resource: ['arn:aws:iot:*:*:thing/*', 'arn:aws:iot:*:*:topic/$aws/*'],
    };
    const { found } = await examine([policyOf(all), policyOf(denied)]);
    assert.doesNotMatch(found, /shadow|command|twin|broker/);
    assert.match(found, /publish as another gateway/);
  });
});

test('a certificate that may too little is found, by what it may not', async () => {
  assert.match((await examine([])).found, /may not connect under its name, publish samples/);
  assert.match((await examine([put(ofGateway)], 'busan/inference')).found, /may not publish samples$/);
});
