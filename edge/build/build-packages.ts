import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, installDriver, installPackage, isInstalled } from '../drivers/driver.ts';
import { pickModelFiles } from '../model/formats/pick-model-files.ts';
import {
  type Architecture,
  archiveName,
  CHECK_NODE,
  INFERENCE,
  inferenceRecipe,
  LEAST_NODE,
  MODEL,
  modelRecipe,
  type RecipeValue,
} from '../package/recipes.ts';
import { configurationSchema, defaultConfiguration } from '../package/settings.ts';
import { type DriverFolders, driverFiles } from './driver-files.ts';
import { libraryFiles, programFiles, sdkFiles, type ZipEntry, zip } from './package-files.ts';

const SDK = join(import.meta.dirname, 'sdk');

/** Where the SDK of the lock file is kept for the next time, outside this project. */
export const sdkFolder = (): string => cacheFolder('sdk', SDK);

/** Whether the SDK is there already, so that the build needs no network. */
export const hasSdk = (): boolean => isInstalled(sdkFolder());

/** Installs the SDK exactly as the lock file has it, unless it is there, and returns the folder. Rejects when it cannot be had. */
export const installSdk = (): Promise<string> => installPackage('sdk', SDK);

/** Installs what live sources need, unless it is there, and returns the folders. Rejects when it cannot be had. */
export const installDrivers = async (): Promise<DriverFolders> => ({
  opcua: await installDriver('opcua'),
  sparkplug: await installDriver('sparkplug'),
  serial: await installDriver('serial'),
});

/** Writes a recipe as YAML: mappings and lists in block style, every text that could be read as something else quoted. */
export const toYaml = (value: RecipeValue): string => `${lines(value).join('\n')}\n`;

const lines = (value: RecipeValue): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => hang('- ', '  ', lines(item)));
  if (typeof value !== 'object') return [scalar(value)];
  return Object.entries(value).flatMap(([key, item]) => {
    const under = lines(item);
    const isBlock = typeof item === 'object';
    return isBlock ? [`${scalar(key)}:`, ...hang('  ', '  ', under)] : [`${scalar(key)}: ${under.join('')}`];
  });
};

const hang = (first: string, rest: string, of: readonly string[]): readonly string[] =>
  of.map((line, index) => `${index === 0 ? first : rest}${line}`);

const PLAIN = /^[A-Za-z][A-Za-z0-9 .,_/-]*$/;
const NO_TEXT = /^(true|false|yes|no|on|off|null|y|n)$/i;

const scalar = (value: string | number | boolean | object): string => {
  if (typeof value !== 'string') return String(value);
  // A double-quoted text of YAML is one of JSON.
  return PLAIN.test(value) && !NO_TEXT.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value);
};

/**
 * The first file of the Lambda package. The runtime of the nucleus asks for it in the old way; it starts the gateway,
 * which lives as long as the process, and answers whoever calls the function.
 */
const LAMBDA_INDEX = `'use strict';

require('./app/${CHECK_NODE}')('${LEAST_NODE}', (message) => console.error(message));
import('./app/edge/package/lambda.js')
  .then(({ startLambda }) => startLambda())
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

exports.handler = async () => ({ running: true });
`;

export type BuildOptions = Readonly<{
  /** The folder of this project. */
  root: string;
  /** A folder with the SDK in its `node_modules`. */
  sdkFolder: string;
  driverFolders: DriverFolders;
  version: string;
  /** The files of the model, as a folder would hold them. */
  model: readonly ZipEntry[];
  modelVersion: string;
  /** Where the archives will lie: `s3://<bucket>/<folder>`. */
  artifacts: string;
}>;

/** A file of the build's result. */
export type Artifact = Readonly<{ name: string; bytes: Buffer }>;

const ESM = { path: 'package.json', bytes: Buffer.from('{"type":"module"}\n') };
const BOTH: readonly Architecture[] = ['x64', 'arm64'];

/** Everything that goes to a core device or describes it, the same bytes for the same sources. */
export const buildPackages = (options: BuildOptions): readonly Artifact[] => {
  const { root, sdkFolder, version, artifacts } = options;
  const licence = { path: 'LICENSE', bytes: readFileSync(join(root, 'LICENSE')) };
  const check = { path: CHECK_NODE, bytes: readFileSync(join(root, CHECK_NODE)) };
  const common = [ESM, check, ...libraryFiles(root)];
  const component = programFiles(root, 'edge/package/component.ts');
  const drivers = driverFiles(options.driverFolders);
  const components = BOTH.map((architecture) => ({
    name: `${archiveName(architecture)}.zip`,
    bytes: zip([
      licence,
      ...common,
      ...component,
      ...drivers([architecture]),
      ...sdkFiles(sdkFolder, [architecture]),
    ]),
  }));
  const lambda = [
    ...common,
    ...programFiles(root, 'edge/package/lambda.ts'),
    ...drivers(BOTH),
    ...sdkFiles(sdkFolder, BOTH),
  ];
  const index = { path: 'index.js', bytes: Buffer.from(LAMBDA_INDEX) };
  const inApp = lambda.map(({ path, bytes }) => ({ path: `app/${path}`, bytes }));
  const recipe = inferenceRecipe({ version, artifacts }, defaultConfiguration());
  const [modelArchive, recipeOfModel] = modelPackage(options);
  return [
    ...components,
    { name: `${INFERENCE}-lambda.zip`, bytes: zip([licence, index, ...inApp]) },
    modelArchive,
    text('recipe.yaml', toYaml(recipe)),
    recipeOfModel,
    text('configuration.schema.json', `${JSON.stringify(configurationSchema(), null, 2)}\n`),
  ];
};

/** The model component by itself, as a new version of it needs no other part: its archive and its recipe. */
export const modelPackage = ({
  model,
  modelVersion,
  artifacts,
}: Pick<BuildOptions, 'model' | 'modelVersion' | 'artifacts'>): readonly [Artifact, Artifact] => [
  { name: `${MODEL}.zip`, bytes: zip(modelEntries(model)) },
  text('model-recipe.yaml', toYaml(modelRecipe({ version: modelVersion, artifacts }))),
];

const CARD = 'model.card.json';

/** A model of one file bears the name that SageMaker gives it: the newer takes the older's place, whatever its format. */
const modelEntries = (model: BuildOptions['model']): readonly ZipEntry[] => {
  const script = join(import.meta.dirname, '../package/place-model.sh');
  const picked = pickModelFiles(model.map(({ path, bytes }) => ({ name: path, bytes })));
  const [only] = picked.length === 1 ? picked : [];
  const files =
    only === undefined
      ? picked.map(({ name, bytes }) => ({ path: name, bytes }))
      : [{ path: 'xgboost-model', bytes: only.bytes }];
  // No part of the model, and yet with it: calibrated scores are worked out by the card beside the model.
  const card = model.filter(({ path }) => path === CARD);
  return [...files, ...card, { path: 'place-model.sh', bytes: readFileSync(script) }];
};

const text = (name: string, content: string): Artifact => ({ name, bytes: Buffer.from(content) });
