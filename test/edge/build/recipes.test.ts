import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { inferenceRecipe, modelRecipe } from '../../../edge/package/recipes.ts';
import {
  configurationSchema,
  defaultConfiguration,
  readSettings,
  settingsSchema,
} from '../../../edge/package/settings.ts';

const OPTIONS = { version: '1.2.3', artifacts: 's3://bucket/folder' };

const manifest = v.strictObject({
  Platform: v.strictObject({
    os: v.literal('linux'),
    architecture: v.optional(v.picklist(['amd64', 'aarch64'])),
    // Without it nucleus lite does not take the recipe.
    runtime: v.literal('*'),
  }),
  // Keys are read with regard to case.
  Lifecycle: v.strictObject({
    run: v.strictObject({ Script: v.string(), RequiresPrivilege: v.optional(v.literal(true)) }),
  }),
  Artifacts: v.tuple([v.strictObject({ Uri: v.string(), Unarchive: v.literal('ZIP') })]),
});

const recipe = v.looseObject({
  RecipeFormatVersion: v.literal('2020-01-25'),
  ComponentName: v.string(),
  ComponentVersion: v.literal('1.2.3'),
  ComponentConfiguration: v.object({ DefaultConfiguration: v.record(v.string(), v.unknown()) }),
  ComponentDependencies: v.optional(
    v.record(
      v.string(),
      v.strictObject({ VersionRequirement: v.string(), DependencyType: v.literal('SOFT') }),
    ),
  ),
  Manifests: v.array(manifest),
});

const inference = v.parse(recipe, inferenceRecipe(OPTIONS, defaultConfiguration()));
const model = v.parse(recipe, modelRecipe(OPTIONS));

test('the inference has a manifest for each processor, which runs what its own archive holds', () => {
  assert.deepEqual(
    inference.Manifests.map(({ Platform, Artifacts: [{ Uri }] }) => [Platform.architecture, Uri]),
    [
      ['amd64', 's3://bucket/folder/GGMLInference-linux-x64.zip'],
      ['aarch64', 's3://bucket/folder/GGMLInference-linux-arm64.zip'],
    ],
  );
  for (const { Lifecycle, Artifacts } of inference.Manifests) {
    const folder = Artifacts[0].Uri.replace(/^.*\/|\.zip$/g, '');
    assert.ok(
      Lifecycle.run.Script.includes(`{artifacts:decompressedPath}/${folder}/edge/package/component.js`),
    );
    assert.match(Lifecycle.run.Script, /--max-semi-space-size=1 --optimize-for-size/);
    // A Node that is too old refuses the flags before it can say why.
    assert.ok(Lifecycle.run.Script.startsWith('"{configuration:/node}" '));
    assert.match(Lifecycle.run.Script, /\/edge\/package\/check-node\.cjs" 22\.13 && exec env/);
    assert.equal(Lifecycle.run.RequiresPrivilege, undefined);
  }
});

test('the model runs too, since a component that only installs wedges a deployment, and the inference outlives its update', () => {
  assert.equal(model.Manifests.length, 1);
  assert.match(model.Manifests[0]?.Lifecycle.run.Script ?? '', /place-model\.sh/);
  assert.deepEqual(Object.keys(inference.ComponentDependencies ?? {}), [model.ComponentName]);
});

test('it may publish on its two topics, hear its own echo and do nothing else', () => {
  const { accessControl } = inference.ComponentConfiguration.DefaultConfiguration;
  assert.deepEqual(accessControl, {
    'aws.greengrass.ipc.mqttproxy': {
      'GGMLInference:mqttproxy:1': {
        policyDescription: 'Samples, and what the gateway says of itself',
        operations: ['aws.greengrass#PublishToIoTCore'],
        resources: ['greengrass/ml/inference/*', 'greengrass/ml/status/*'],
      },
      'GGMLInference:mqttproxy:echo': {
        policyDescription: 'The echo by which it knows that samples have arrived',
        operations: ['aws.greengrass#PublishToIoTCore', 'aws.greengrass#SubscribeToIoTCore'],
        resources: ['greengrass/ml/echo/*'],
      },
    },
  });
});

test('the defaults of the recipe are the settings that hold without them, and none of them is unknown', () => {
  const reading = readSettings(inference.ComponentConfiguration.DefaultConfiguration);
  assert.ok(reading.ok);
  assert.deepEqual(reading, readSettings({}));
});

test('the schema has every setting with what it may be', () => {
  const { properties } = v.parse(
    v.object({
      properties: v.record(
        v.string(),
        v.object({
          type: v.union([v.string(), v.array(v.string())]),
          default: v.optional(v.unknown()),
          description: v.string(),
        }),
      ),
    }),
    configurationSchema(),
  );
  assert.deepEqual(Object.keys(properties), Object.keys(settingsSchema.entries));
});
