import type { Log } from '../gateway/log.ts';
import { loadModel } from '../model/formats/load-model.ts';
import type { Model } from '../model/model.ts';
import { createWakeSignal } from '../timing/wake-signal.ts';

export type WaitForModelParts = Readonly<{
  log: Log;
  /** Notified what is wrong with it, once for each fault. */
  onFault: (message: string) => void;
}>;

const LOOK_EVERY_MS = 5000;

/**
 * Loads the model at a path; while there is none that can be read, as before the model component has been deployed,
 * looks again every five seconds. Null when the signal comes first.
 */
export const waitForModel = async (
  path: string,
  { log, onFault }: WaitForModelParts,
  signal: AbortSignal,
): Promise<Model | null> => {
  let reported = '';
  while (!signal.aborted) {
    const loaded = await loadModel(path);
    if (loaded.ok) return loaded.model;
    const { message } = loaded.error;
    if (message !== reported) {
      log({ level: 'error', event: 'model', message: `${message}; waiting for a model at ${path}` });
      onFault(message);
    }
    reported = message;
    await createWakeSignal().wait(LOOK_EVERY_MS, signal);
  }
  return null;
};
