import type { ConnectNucleus, PublishAnswer } from './ipc-transport.ts';

/** The SDK's module `greengrasscoreipc`. */
export type GreengrassSdk = typeof import('aws-iot-device-sdk-v2/dist/greengrasscoreipc.js');

const CONNECT_WITHIN_MS = 10_000;
/** The SDK's number for an error that the nucleus answered with. */
const SERVICE_ERROR = 8;

/** Connections by the AWS IoT Device SDK to the nucleus that the environment names. */
export const connectBySdk =
  (sdk: GreengrassSdk): ConnectNucleus =>
  async () => {
    const client = sdk.createClient();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    client.on('disconnection', end);
    await within(CONNECT_WITHIN_MS, client.connect());
    return {
      async publish(topicName, payload) {
        try {
          await client.publishToIoTCore({ topicName, qos: '1', payload });
          return { ok: true };
        } catch (error) {
          return describeFailure(error);
        }
      },
      async configuration() {
        const { value } = await client.getConfiguration({ keyPath: [] });
        return value;
      },
      async onConfigurationChange(changed) {
        const subscription = client.subscribeToConfigurationUpdate({ keyPath: [] });
        subscription.on('message', changed);
        await subscription.activate();
      },
      ended,
      async close() {
        await client.close();
        end();
      },
    };
  };

const within = async (ms: number, connecting: Promise<unknown>): Promise<void> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the nucleus did not answer within ${ms / 1000} s`)), ms);
  try {
    await Promise.race([connecting, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The SDK keeps the name of an UnauthorizedError to itself; what is left of it is its sentence. */
const describeFailure = (error: unknown): PublishAnswer => {
  const message = messageOf(error);
  const isDenied = /authori[sz]|denied/i.test(message);
  return { ok: false, reason: isDenied ? 'denied' : 'failed', message };
};

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if ('type' in error && error.type === SERVICE_ERROR && 'serviceError' in error) {
    const inner: unknown = error.serviceError;
    if (typeof inner === 'object' && inner !== null && 'message' in inner) return String(inner.message);
  }
  return error.message;
};
