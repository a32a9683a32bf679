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

/**
 * The component's settings as they are deployed. A mapping is checked, and goes as the text of its JSON: of an object a
 * core keeps what an earlier one held and this one does not.
 * https://docs.aws.amazon.com/greengrass/v2/developerguide/update-component-configurations.html
 * @param {string} text
 * @returns {Promise<{ settings: Readonly<Record<string, unknown>>, faults: readonly string[] }>}
 */
const settingsOf = async (text) => {
  const given = JSON.parse(text);
  if (given.map === undefined || given.map === '') return { settings: given, faults: [] };
  const { readMapping } = await import('../../domain/mapping/mapping.ts');
  const json = typeof given.map === 'string' ? given.map : JSON.stringify(given.map);
  const reading = readMapping(parsed(json));
  const faults = reading.ok ? [] : reading.faults.map(({ field, message }) => `${field} ${message}`);
  return {
    settings: { ...given, map: json },
    faults: faults.map((fault) => `greengrassConfiguration: map: ${fault}`),
  };
};

/** @param {string} json @returns {unknown} */
const parsed = (json) => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};

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
const packages = async (framework) => {
  const {
    greengrassBucket,
    greengrassTarget,
    greengrassConfiguration = '{}',
    topicPrefix = '',
  } = await parameters(framework);
  const { settings, faults } = await settingsOf(greengrassConfiguration);
  if (faults.length > 0) refuse(faults);
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
          Merge: JSON.stringify(together(below(inference, topicPrefix), settings)),
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

module.exports = Object.assign(packages, { settingsOf });
