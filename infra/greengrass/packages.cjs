// @ts-check
/** What `npm run build:edge` made, for the template: versions, where the archives have been put, and the recipes. */
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const parameters = require('../check-parameters.cjs');
const refuse = require('../refuse.cjs');

/** @import { Framework } from '../framework.d.ts' */

const BUILT = join(__dirname, '../../build/edge');
/** The build writes this where it was not told a bucket. */
const PLACE = 's3://ARTIFACT_BUCKET/';

/**
 * Where a recipe names a component: components are one namespace in an account and region, and their names bear the
 * stage there. Archives and their folders keep theirs.
 */
const NAMES =
  /^(ComponentName: | +"?)(GGMLInference|AnomalyDetectionModel)((?::mqttproxy:(?:1|echo))?"?:|$)/gm;

/**
 * The settings by which the component publishes below another prefix than that of its recipe, and may.
 * @param {string} inference @param {string} prefix
 */
const below = (inference, prefix) =>
  prefix === 'greengrass/ml/inference'
    ? {}
    : {
        topicPrefix: prefix,
        accessControl: {
          'aws.greengrass.ipc.mqttproxy': {
            [`${inference}:mqttproxy:1`]: {
              policyDescription: 'Samples, and what the gateway says of itself',
              operations: ['aws.greengrass#PublishToIoTCore'],
              resources: [`${prefix}/*`, 'greengrass/ml/status/*'],
            },
          },
        },
      };

/**
 * One object laid over another, and what both hold as objects likewise: rights that are given are added.
 * @param {Readonly<Record<string, unknown>>} under @param {Readonly<Record<string, unknown>>} over @returns {Readonly<Record<string, unknown>>}
 */
const together = (under, over) => ({
  ...under,
  ...Object.fromEntries(
    Object.entries(over).map(([key, value]) => {
      const below = under[key];
      const areObjects = [below, value].every(
        (one) => typeof one === 'object' && one !== null && !Array.isArray(one),
      );
      return [key, areObjects ? together(Object(below), Object(value)) : value];
    }),
  ),
});

/** @param {string} name */
const read = async (name) => {
  try {
    return await readFile(join(BUILT, name), 'utf8');
  } catch (cause) {
    return refuse([
      `build/edge/${name} cannot be read (${cause instanceof Error && 'code' in cause ? cause.code : cause}): run npm run build:edge first`,
    ]);
  }
};

/** @param {Framework} framework */
module.exports = async (framework) => {
  const {
    greengrassBucket,
    greengrassTarget,
    greengrassConfiguration = '{}',
    topicPrefix = '',
  } = await parameters(framework);
  const stage = await framework.resolveVariable('sls:stage');
  const { version, modelVersion } = JSON.parse(await read('manifest.json'));
  const inference = `GGMLInference-${stage}`;
  const model = `AnomalyDetectionModel-${stage}`;
  /** @param {string} name */
  const recipe = async (name) =>
    (await read(name)).replaceAll(PLACE, `s3://${greengrassBucket}/`).replaceAll(NAMES, `$1$2-${stage}$3`);
  return {
    inference,
    lambda: `GGMLInferenceLambda-${stage}`,
    components: {
      [inference]: {
        ComponentVersion: version,
        ConfigurationUpdate: {
          Merge: JSON.stringify(together(below(inference, topicPrefix), JSON.parse(greengrassConfiguration))),
        },
      },
      [model]: { ComponentVersion: modelVersion },
    },
    bucket: greengrassBucket,
    target: greengrassTarget,
    folder: `cylinder-sentinel-edge/${version}`,
    version,
    modelVersion,
    inferenceRecipe: await recipe('recipe.yaml'),
    modelRecipe: await recipe('model-recipe.yaml'),
  };
};
