import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  ResourceNotFoundException,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane';

type Fields = Readonly<Record<string, unknown>>;

/** The twins of a deployed stack, as any application sees them. */
export const twinsOf = (settings: ConstructorParameters<typeof IoTDataPlaneClient>[0]) => {
  const client = new IoTDataPlaneClient(settings ?? {});
  const named = { shadowName: 'twin' };
  return {
    /** What the twin of a cylinder reports; empty while there is none. */
    async reported(thingName: string): Promise<Fields> {
      try {
        const { payload } = await client.send(new GetThingShadowCommand({ thingName, ...named }));
        return JSON.parse(Buffer.from(payload ?? []).toString('utf8')).state?.reported ?? {};
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return {};
        throw error;
      }
    },
    /** Sets what a person wants of a cylinder. */
    async desire(thingName: string, desired: Fields): Promise<void> {
      const payload = Buffer.from(JSON.stringify({ state: { desired } }));
      await client.send(new UpdateThingShadowCommand({ thingName, ...named, payload }));
    },
  };
};

export type TwinsOfStack = ReturnType<typeof twinsOf>;
