import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EdgeOptions } from '../main.ts';
import type { Settings } from './settings.ts';

/** Where the component finds itself: the name of its core device and the folder that it may write to. */
export type Surroundings = Readonly<{ thing: string; workFolder: string }>;

/** What a run of the gateway is to do, with all defaults settled; paths are absolute. */
export type Plan = Readonly<{
  gateway: string;
  modelPath: string;
  socketPath: string;
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
export const MODEL_FOLDER = '/greengrass-ml';
const HOUR_MS = 3_600_000;
/** The nucleus gives up by itself after 30 s: it is to have the first word. */
const TIMEOUT_MS = 35_000;

export const planRun = (settings: Settings, { thing, workFolder }: Surroundings): Plan => {
  const { source, cylinders, seed, modelPath, publishTo, topicPrefix } = settings;
  const gateway = settings.gateway === '' ? thing : settings.gateway;
  const ownModel = source === 'socket' ? MODEL_FOLDER : LINE_MODEL;
  return {
    gateway,
    modelPath: modelPath === '' ? ownModel : resolve(workFolder, modelPath),
    socketPath: resolve(workFolder, settings.socketPath),
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
      pace: source === 'socket' ? 'arrival' : 'clock',
    },
  };
};
