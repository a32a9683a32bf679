import {
  GetThingShadowCommand,
  type IoTDataPlaneClient,
  ResourceNotFoundException,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane';
import { createShadowTwins } from '../../../aws/shadow/twins.ts';
import type { TwinsUnderTest } from '../../contract/twins-contract.ts';

/** Twins as the shadows of one name, for the contract of the port. */
export const shadowsUnderTest = (connect: () => IoTDataPlaneClient, shadowName: string): TwinsUnderTest => {
  const client = connect();
  const state = async (thingName: string) => {
    try {
      const { payload } = await client.send(new GetThingShadowCommand({ thingName, shadowName }));
      return JSON.parse(new TextDecoder().decode(payload)).state;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    }
  };
  return {
    twins: createShadowTwins({ client, shadowName }),
    reported: async (cylinder) => {
      const found = (await state(cylinder))?.reported ?? null;
      if (found === null) return null;
      const { recordVersion: _, ...reported } = found;
      return reported;
    },
    desire: async (thingName, desired) => {
      const payload = Buffer.from(JSON.stringify({ state: { desired } }));
      await client.send(new UpdateThingShadowCommand({ thingName, shadowName, payload }));
    },
    desired: async (cylinder) => (await state(cylinder))?.desired ?? {},
    restart: () => {
      client.destroy();
      return Promise.resolve(shadowsUnderTest(connect, shadowName));
    },
    close: () => Promise.resolve(client.destroy()),
  };
};
