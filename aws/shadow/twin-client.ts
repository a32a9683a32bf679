import { setTimeout as sleep } from 'node:timers/promises';
import { IoTDataPlaneClient, type IoTDataPlaneClientConfig } from '@aws-sdk/client-iot-data-plane';
import { optionText } from '../../domain/printable.ts';
import type { TwinClient } from '../../usecases/ports/twin-client.ts';
import { explained } from '../aws-error.ts';
import { createShadowService } from './service.ts';

type Options = Readonly<{ patienceMs?: number; everyMs?: number }>;

/**
 * The twins of a line as named shadows of AWS, asked over HTTPS. The SDK's own address of the data plane serves every
 * account, so that nobody needs the right to look it up.
 */
export const createTwinClient = (
  settings: IoTDataPlaneClientConfig,
  { patienceMs = 20_000, everyMs = 500 }: Options = {},
): TwinClient => {
  const client = new IoTDataPlaneClient(settings);
  const shadows = createShadowService(client, 'twin');

  const get: TwinClient['get'] = async (thing) => {
    const shadow = await shadows.read(thing).catch(explained(`the twin of ${thing} could not be read`));
    if (shadow === null) return null;
    return { reported: shadow.reported, desired: shadow.desired, now: Date.now() };
  };

  return {
    get,
    desire: async (thing, desired, isAnswer) => {
      await shadows.desire(thing, desired).catch(explained(`the twin of ${thing} did not take the command`));
      for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(everyMs)) {
        const twin = await get(thing);
        if (twin !== null && isAnswer(twin.reported)) return twin.reported;
      }
      throw new Error(
        `${thing}: the command was given, but not answered within ${patienceMs / 1000} s; ` +
          `look later with sentinel twin --aws ${optionText('--cylinder', thing)}, and whether a stage knows it at all ` +
          `(its shadow outlives its ledger) with sentinel ledger show --aws ${optionText('--cylinder', thing)}`,
      );
    },
    close: () => Promise.resolve(client.destroy()),
  };
};
