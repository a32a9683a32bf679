import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  type IoTDataPlaneClientConfig,
  ResourceNotFoundException,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane';
import * as v from 'valibot';
import type { TwinClient } from '../../usecases/ports/twin-client.ts';
import { explainAwsError } from '../explain-aws-error.ts';

const fields = v.record(v.string(), v.unknown());
const shadow = v.object({
  state: v.optional(v.object({ reported: v.optional(fields, {}), desired: v.optional(fields, {}) }), {}),
});

type Options = Readonly<{ patienceMs?: number; everyMs?: number }>;

const SHADOW = 'twin';

/**
 * The twins of a line as named shadows of AWS, asked over HTTPS. The SDK's own address of the data plane serves every
 * account, so that nobody needs the right to look it up.
 */
export const createTwinClient = (
  settings: IoTDataPlaneClientConfig,
  { patienceMs = 20_000, everyMs = 500 }: Options = {},
): TwinClient => {
  const client = new IoTDataPlaneClient(settings);

  const get: TwinClient['get'] = async (thingName) => {
    try {
      const { payload } = await client.send(new GetThingShadowCommand({ thingName, shadowName: SHADOW }));
      const { reported = {}, desired = {} } = v.parse(
        shadow,
        JSON.parse(new TextDecoder().decode(payload)),
      ).state;
      return { reported, desired };
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw explainAwsError(`the twin of ${thingName} could not be read`, error);
    }
  };

  return {
    get,
    desire: async (thingName, desired, isAnswer) => {
      const payload = new TextEncoder().encode(JSON.stringify({ state: { desired } }));
      try {
        await client.send(new UpdateThingShadowCommand({ thingName, shadowName: SHADOW, payload }));
      } catch (error) {
        throw explainAwsError(`the twin of ${thingName} did not take the command`, error);
      }
      for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(everyMs)) {
        const twin = await get(thingName);
        if (twin !== null && isAnswer(twin.reported)) return twin.reported;
      }
      throw new Error(
        `${thingName}: the command was given, but not answered within ${patienceMs / 1000} s; ` +
          `look later with sentinel twin --aws --cylinder ${thingName}`,
      );
    },
    close: () => Promise.resolve(client.destroy()),
  };
};
