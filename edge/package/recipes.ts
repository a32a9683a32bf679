import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mapping } from '../../domain/mapping/mapping.ts';
import type { EdgeOptions } from '../main.ts';
import type { Settings } from './settings.ts';

/** Where the component finds itself: the name of its core device and the folder that it may write to. */
export type Surroundings = Readonly<{ thing: string; workFolder: string }>;

/** What a run of the gateway is to do, with all defaults settled; paths are absolute. */
export type Plan = Readonly<{
  gateway: string;
  modelPath: string;
  /** The model on trial; undefined without one. */
  challengerPath: string | undefined;
  /** Whether scores are brought to the share of abnormal samples by the card of the model. */
  isCalibrated: boolean;
  socketPath: string;
  /** The mapping of the configuration, or the file of one; both null for lines in the usual form. */
  map: Mapping | null;
  mapPath: string | null;
  source: Settings['source'];
  cylinders: number;
  seed: number;
  /** `$aws/rules/<rule>`; null for the topic of the contract. */
  rulePrefix: string | null;
  topicPrefix: string;
  options: Omit<EdgeOptions, 'signal'>;
}>;

/** The model of the simulated line, which comes with the package. */
const LINE_MODEL = fileURLToPath(new URL('../model/simulated-line.json', import.meta.url));
/** Where the model component puts its model. */
const MODEL_FOLDER = '/greengrass-ml';
const HOUR_MS = 3_600_000;
/** The nucleus gives up by itself after 30 s: it is to have the first word. */
const TIMEOUT_MS = 35_000;

export const planRun = (settings: Settings, { thing, workFolder }: Surroundings): Plan => {
  const { source, cylinders, seed, modelPath, publishTo, topicPrefix } = settings;
  const gateway = settings.gateway === '' ? thing : settings.gateway;
  const isMadeUp = source === 'simulated' || source === 'random';
  const ownModel = isMadeUp ? LINE_MODEL : MODEL_FOLDER;
  return {
    gateway,
    challengerPath: settings.challengerPath === '' ? undefined : resolve(workFolder, settings.challengerPath),
    isCalibrated: settings.calibrated === 'on',
    modelPath: modelPath === '' ? ownModel : resolve(workFolder, modelPath),
    socketPath: resolve(workFolder, settings.socketPath),
    map: settings.map,
    mapPath: settings.mapPath === '' ? null : resolve(workFolder, settings.mapPath),
    source,
    cylinders,
    seed,
    rulePrefix: publishTo === 'topic' ? null : publishTo,
    topicPrefix,
    options: {
      gateway,
      queue: {
        path: resolve(workFolder, settings.queuePath),
        maxAgeMs: settings.queueMaxAgeHours * HOUR_MS,
        maxBytes: settings.queueMaxMb * 2 ** 20,
      },
      drainPerSecond: settings.drainPerSecond,
      lingerMs: settings.lingerSeconds * 1000,
      // Of many publishes at once the nucleus fails half.
      inFlight: 1,
      timeoutMs: TIMEOUT_MS,
      pace: isMadeUp ? 'clock' : 'arrival',
    },
  };
};

/** A recipe, or a part of one: what YAML and JSON can say. */
export type Recipe = Readonly<{ [key: string]: RecipeValue }>;
export type RecipeValue = string | number | boolean | Recipe | readonly RecipeValue[];

export const INFERENCE = 'GGMLInference';
export const MODEL = 'AnomalyDetectionModel';

/** The processors that there is an archive for, by the name that a recipe has for them. */
export const ARCHITECTURES = { x64: 'amd64', arm64: 'aarch64' } as const;
export type Architecture = keyof typeof ARCHITECTURES;

const ALL: readonly Architecture[] = ['x64', 'arm64'];

/** An archive's name without `.zip`: also that of the folder that the nucleus unpacks it to. */
export const archiveName = (architecture: Architecture): string => `${INFERENCE}-linux-${architecture}`;

export type RecipeOptions = Readonly<{
  version: string;
  /** Where the artefacts lie: `s3://<bucket>/<folder>`. */
  artifacts: string;
}>;

/** What the component may: publish on the topics that it uses, hear its own echo, and nothing else. */
export const ACCESS_CONTROL = {
  'aws.greengrass.ipc.mqttproxy': {
    [`${INFERENCE}:mqttproxy:1`]: {
      policyDescription: 'Samples, and what the gateway says of itself',
      operations: ['aws.greengrass#PublishToIoTCore'],
      resources: ['greengrass/ml/inference/*', 'greengrass/ml/status/*'],
    },
    [`${INFERENCE}:mqttproxy:echo`]: {
      policyDescription: 'The echo by which it knows that samples have arrived',
      operations: ['aws.greengrass#PublishToIoTCore', 'aws.greengrass#SubscribeToIoTCore'],
      resources: ['greengrass/ml/echo/*'],
    },
  },
} as const;

/** What keeps memory small: early garbage collections, on no threads of their own; what is experimental in Node is known to be so. */
export const NODE_FLAGS = [
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--v8-pool-size=0',
  '--disable-warning=ExperimentalWarning',
] as const;

/** The least Node that runs the component: before it `node:sqlite` needs a flag. */
export const LEAST_NODE = '22.13';
export const CHECK_NODE = 'edge/package/check-node.cjs';

/** One place to take memory from serves all threads, of which few take any. */
export const ENVIRONMENT = { MALLOC_ARENA_MAX: '1' } as const;

/** The generic component, for the classic nucleus and for nucleus lite: its keys are read with regard to case there. */
export const inferenceRecipe = (
  { version, artifacts }: RecipeOptions,
  configuration: Readonly<Record<string, string | number>>,
): Recipe => ({
  RecipeFormatVersion: '2020-01-25',
  ComponentName: INFERENCE,
  ComponentVersion: version,
  ComponentDescription: 'Scores cylinders with an XGBoost model and publishes what it finds, losing nothing.',
  ComponentPublisher: 'Cylinder Sentinel',
  ComponentConfiguration: {
    DefaultConfiguration: { ...configuration, node: 'node', accessControl: ACCESS_CONTROL },
  },
  // A HARD dependency would stop the inference while the model is updated.
  ComponentDependencies: {
    [MODEL]: { VersionRequirement: '>=0.0.0', DependencyType: 'SOFT' },
  },
  Manifests: ALL.map((architecture) => ({
    Platform: { os: 'linux', architecture: ARCHITECTURES[architecture], runtime: '*' },
    Lifecycle: {
      run: {
        Script:
          `"{configuration:/node}" "{artifacts:decompressedPath}/${archiveName(architecture)}/${CHECK_NODE}" ${LEAST_NODE} && ` +
          `exec env MALLOC_ARENA_MAX=${ENVIRONMENT.MALLOC_ARENA_MAX} "{configuration:/node}" ${NODE_FLAGS.join(' ')} ` +
          `"{artifacts:decompressedPath}/${archiveName(architecture)}/edge/package/component.js"`,
      },
    },
    Artifacts: [{ Uri: `${artifacts}/${archiveName(architecture)}.zip`, Unarchive: 'ZIP' }],
  })),
});

/** The model, with a version of its own. It has a `run`, since a component that only installs wedges a deployment. */
export const modelRecipe = ({ version, artifacts }: RecipeOptions): Recipe => ({
  RecipeFormatVersion: '2020-01-25',
  ComponentName: MODEL,
  ComponentVersion: version,
  ComponentDescription: `The model of ${INFERENCE}, put where that takes it up while it runs.`,
  ComponentPublisher: 'Cylinder Sentinel',
  ComponentConfiguration: { DefaultConfiguration: { folder: MODEL_FOLDER } },
  Manifests: [
    {
      Platform: { os: 'linux', runtime: '*' },
      Lifecycle: {
        run: {
          // The folder lies outside of what components may write to.
          RequiresPrivilege: true,
          Script:
            `sh "{artifacts:decompressedPath}/${MODEL}/place-model.sh" ` +
            `"{artifacts:decompressedPath}/${MODEL}" "{configuration:/folder}"`,
        },
      },
      Artifacts: [{ Uri: `${artifacts}/${MODEL}.zip`, Unarchive: 'ZIP' }],
    },
  ],
});
