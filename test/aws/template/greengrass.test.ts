import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../start-server.ts';

const KeepComponents = createRequire(import.meta.url)('../../../infra/greengrass/keep-components.cjs');

const { settingsOf } = createRequire(import.meta.url)('../../../infra/greengrass/packages.cjs');

const MAP = {
  modbus: { host: '192.168.1.20', devices: [{ cylinder: 'press-1', unit: 1 }] },
  sensors: { wRMSCurrent: 'holding 7' },
};

test('a map in greengrassConfiguration is deployed as one text, which takes the place of an earlier one', async () => {
  const given = { source: 'modbus', map: MAP };
  const settings = { source: 'modbus', map: JSON.stringify(MAP) };
  for (const one of [given, settings])
    assert.deepEqual(await settingsOf(JSON.stringify(one)), { settings, faults: [] });
  const without = { source: 'socket' };
  assert.deepEqual(await settingsOf(JSON.stringify(without)), { settings: without, faults: [] });
});

test('a map in greengrassConfiguration that is wrong is refused before anything is deployed', async () => {
  const wrong = { ...MAP, sensors: { wRMSCurrent: 'current' } };
  const { faults } = await settingsOf(JSON.stringify({ map: wrong }));
  assert.deepEqual(faults, [
    'greengrassConfiguration: map: sensors.wRMSCurrent.from must be a register, such as "holding 5200" or "input 0"',
  ]);
  assert.equal((await settingsOf('{"map":"{"}')).faults.length, 1);
});

const TARGET = 'arn:aws:iot:eu-central-1:123456789012:thinggroup/lines';
const ARN = 'arn:aws:greengrass:eu-central-1:123456789012:components:';

/** A part of the template, as it stands before a deploy of the stage `busan`. */
const template = () => ({
  Resources: {
    InferenceComponent: {
      Type: 'AWS::GreengrassV2::ComponentVersion',
      Properties: { InlineRecipe: 'ComponentName: GGMLInference-busan\nComponentVersion: "0.2.0"\n' },
    },
    InferenceLambdaComponent: {
      Type: 'AWS::GreengrassV2::ComponentVersion',
      Properties: {
        LambdaFunction: { ComponentName: 'GGMLInferenceLambda-busan', ComponentVersion: '0.2.0' },
      },
    },
    InferenceDeployment: {
      Type: 'AWS::GreengrassV2::Deployment',
      DependsOn: ['InferenceComponent'],
      Properties: {
        DeploymentName: 'cylinder-sentinel-busan',
        TargetArn: TARGET,
        Components: { 'GGMLInference-busan': { ComponentVersion: '0.2.0' } },
      },
    },
  },
  Outputs: { InferenceComponentArn: { Value: { Ref: 'InferenceComponent' } } },
});

type Present = Readonly<{ deploymentName: string; components: object }>;

describe('a deploy with greengrass=on', () => {
  let present: Present | null = null;
  let registered: readonly string[] = [];
  let status = 200;
  const authorizations: string[] = [];
  const answer = (body: object) => ({ status, body: JSON.stringify(body) });
  let server: Awaited<ReturnType<typeof startServer>>;
  before(async () => {
    server = await startServer(({ path, query, headers }) => {
      authorizations.push(String(headers.authorization));
      if (path === '/greengrass/v2/deployments') {
        assert.equal(query.get('targetArn'), TARGET);
        const latest = { deploymentId: 'd-1', isLatestForTarget: true };
        return answer({ deployments: present === null ? [] : [latest] });
      }
      if (path === '/greengrass/v2/deployments/d-1') return answer(present ?? {});
      const [, arn = ''] = /^\/greengrass\/v2\/components\/(.+)\/metadata$/.exec(path) ?? [];
      return registered.includes(arn) ? answer({ arn }) : { status: 404, body: '{}' };
    });
    process.env.AWS_ENDPOINT_URL_GREENGRASSV2 = server.endpoint;
  });
  after(() => {
    delete process.env.AWS_ENDPOINT_URL_GREENGRASSV2;
    return server.close();
  });

  const deploy = async (command = 'deploy') => {
    const resources = template();
    const said: string[] = [];
    const provider = {
      getRegion: () => 'eu-central-1',
      getAwsSdkV3CredentialsProvider: () => () =>
        Promise.resolve({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' }),
    };
    const serverless = {
      service: { resources },
      processedInput: { commands: [command] },
      getProvider: () => provider,
    };
    const plugin = new KeepComponents(serverless, {}, { log: { notice: (text: string) => said.push(text) } });
    await plugin.hooks['before:package:finalize']();
    return { ...resources, said };
  };

  test('keeps every other component of the target, with its configuration and how it is run', async () => {
    registered = [];
    present = {
      deploymentName: 'fleet',
      components: {
        'GGMLInference-busan': { componentVersion: '0.1.0' },
        'aws.greengrass.Cli': { componentVersion: '2.12.0' },
        'com.example.Plc': {
          componentVersion: '1.0.3',
          configurationUpdate: { merge: '{"port":502}', reset: ['/old'] },
          runWith: { posixUser: 'plc', systemResourceLimits: { cpus: 0.5, memory: 1024 } },
        },
      },
    };
    const { Resources, said } = await deploy();
    assert.deepEqual(Resources.InferenceDeployment.Properties.Components, {
      'GGMLInference-busan': { ComponentVersion: '0.2.0' },
      'aws.greengrass.Cli': { ComponentVersion: '2.12.0' },
      'com.example.Plc': {
        ComponentVersion: '1.0.3',
        ConfigurationUpdate: { Merge: '{"port":502}', Reset: ['/old'] },
        RunWith: { PosixUser: 'plc', SystemResourceLimits: { Cpus: 0.5, Memory: 1024 } },
      },
    });
    assert.match(said.join(), /keeps aws\.greengrass\.Cli 2\.12\.0, com\.example\.Plc 1\.0\.3/);
    assert.match(
      authorizations.at(-1) ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-central-1\/greengrass\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
  });

  test('takes the place of its own components of before names bore the stage, and of nobody else’s', async () => {
    const components = { GGMLInference: { componentVersion: '0.1.0' } };
    present = { deploymentName: 'cylinder-sentinel-busan', components };
    const own = await deploy();
    assert.deepEqual(Object.keys(own.Resources.InferenceDeployment.Properties.Components), [
      'GGMLInference-busan',
    ]);
    present = { deploymentName: 'cylinder-sentinel-daegu', components };
    const others = await deploy();
    assert.ok('GGMLInference' in others.Resources.InferenceDeployment.Properties.Components);
  });

  test('leaves a version that is registered as it is, so that what refers to it goes on', async () => {
    present = null;
    registered = [`${ARN}GGMLInference-busan:versions:0.2.0`];
    const { Resources, Outputs, said } = await deploy();
    assert.deepEqual(Object.keys(Resources), ['InferenceLambdaComponent', 'InferenceDeployment']);
    assert.deepEqual(Resources.InferenceDeployment.DependsOn, []);
    assert.equal(Outputs.InferenceComponentArn.Value, registered[0]);
    assert.match(said.join(), /Registered already.*GGMLInference-busan 0\.2\.0/);
  });

  test('is refused where the target cannot be looked at, or the same gateway would speak twice', async () => {
    registered = [];
    status = 403;
    await assert.rejects(deploy(), /Greengrass answers 403/);
    status = 200;
    present = { deploymentName: 'x', components: { GGMLInferenceLambda: { componentVersion: '0.1.0' } } };
    await assert.rejects(deploy(), /runs GGMLInferenceLambda, which would speak beside/);
  });

  test('asks nothing where it is only packaged', async () => {
    const asked = authorizations.length;
    const { Resources } = await deploy('package');
    assert.deepEqual(Resources, template().Resources);
    assert.equal(authorizations.length, asked);
  });
});
