// @ts-check
/** What `npm run build:edge` made, for the template: versions, where the archives have been put, and the recipes. */
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');

/** @import { Framework } from '../framework.d.ts' */

const BUILT = join(__dirname, '../../build/edge');
/** The build writes this where it was not told a bucket. */
const PLACE = 's3://ARTIFACT_BUCKET/';

/**
 * Where a recipe names a component: components are one namespace in an account and region, and their names bear the
 * stage there. Archives and their folders keep theirs.
 */
const NAMES = /^(ComponentName: | +"?)(GGMLInference|AnomalyDetectionModel)((?::mqttproxy:1)?"?:|$)/gm;

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

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const TARGET = /^arn:[\w-]+:iot:[\w-]+:\d{12}:thing(group)?\/[\w:-]+$/;

/**
 * The framework prints the stack where there is one; who typed this wants the sentence.
 * @param {string} text
 */
const refusal = (text) => Object.assign(new Error(text), { stack: text });

/** @param {string} name */
const read = async (name) => {
  try {
    return await readFile(join(BUILT, name), 'utf8');
  } catch (cause) {
    throw refusal(
      `build/edge/${name} cannot be read (${cause instanceof Error && 'code' in cause ? cause.code : cause}): run npm run build:edge first`,
    );
  }
};

/** @param {string} text @returns {Readonly<Record<string, unknown>>} */
const parseConfiguration = (text) => {
  try {
    const merge = JSON.parse(text);
    if (typeof merge === 'object' && merge !== null && !Array.isArray(merge)) return merge;
  } catch {
    // It is refused below, as what is JSON and no object is.
  }
  throw refusal(`greengrassConfiguration must be a JSON object such as {"source":"socket"}, not "${text}"`);
};

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  const bucket = await resolveVariable("param:greengrassBucket, ''");
  const target = await resolveVariable("param:greengrassTarget, ''");
  const prefix = await resolveVariable('param:topicPrefix');
  const stage = await resolveVariable('sls:stage');
  const merge = parseConfiguration(await resolveVariable("param:greengrassConfiguration, '{}'"));
  if (!BUCKET.test(bucket))
    throw refusal(`greengrassBucket must be the bucket of the archives, not "${bucket}"`);
  if (!TARGET.test(target))
    throw refusal(`greengrassTarget must be the ARN of a thing or a thing group, not "${target}"`);
  const { version, modelVersion } = JSON.parse(await read('manifest.json'));
  const inference = `GGMLInference-${stage}`;
  const model = `AnomalyDetectionModel-${stage}`;
  /** @param {string} name */
  const recipe = async (name) =>
    (await read(name)).replaceAll(PLACE, `s3://${bucket}/`).replaceAll(NAMES, `$1$2-${stage}$3`);
  return {
    inference,
    lambda: `GGMLInferenceLambda-${stage}`,
    components: {
      [inference]: {
        ComponentVersion: version,
        ConfigurationUpdate: { Merge: JSON.stringify(together(below(inference, prefix), merge)) },
      },
      [model]: { ComponentVersion: modelVersion },
    },
    bucket,
    target,
    folder: `cylinder-sentinel-edge/${version}`,
    version,
    modelVersion,
    inferenceRecipe: await recipe('recipe.yaml'),
    modelRecipe: await recipe('model-recipe.yaml'),
  };
};
