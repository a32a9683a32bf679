import { connect as dial } from 'node:net';
import { type ConnectNucleus, type NucleusAnswer, NucleusRefusal } from './nucleus-client.ts';

/** The SDK's module `greengrasscoreipc`. */
export type GreengrassSdk = typeof import('aws-iot-device-sdk-v2/dist/greengrasscoreipc.js');

const CONNECT_WITHIN_MS = 10_000;
/** The SDK's number for an error that the nucleus answered with. */
const SERVICE_ERROR = 8;
/** Where a component finds the path of the nucleus's socket. */
const SOCKET = 'AWS_GG_NUCLEUS_DOMAIN_SOCKET_FILEPATH_FOR_COMPONENT';

/** Connections by the AWS IoT Device SDK to the nucleus that the environment names. */
export const connectBySdk =
  (sdk: GreengrassSdk): ConnectNucleus =>
  async () => {
    const client = sdk.createClient();
    leaveEndedStreams(client.rpcClient.connection);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    client.on('disconnection', end);
    try {
      await within(CONNECT_WITHIN_MS, client.connect());
    } catch (error) {
      await client.close().catch(() => {});
      if (await isListening(process.env[SOCKET] ?? ''))
        throw new NucleusRefusal('the nucleus refuses this process', { cause: error });
      throw error;
    }
    return {
      async publish(topicName, payload) {
        try {
          await client.publishToIoTCore({ topicName, qos: '1', payload });
          return { ok: true };
        } catch (error) {
          return describeFailure(error);
        }
      },
      async subscribe(topicName, onMessage) {
        try {
          // With QoS 1 each receipt would be a message to pay for.
          const stream = client.subscribeToIoTCore({ topicName, qos: '0' });
          stream.on('message', ({ message }) => onMessage(textOf(message?.payload)));
          await stream.activate();
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

/** The SDK's numbers for a stream whose request is being written, and for one whose request could not be. */
const ACTIVATING = 1;
const ENDED = 3;

/**
 * When a connection ends while a request is being written, aws-crt 1.33 gives up what it holds of the request's stream
 * twice: once for the end, once for the request that failed. To close the stream as well, before or after that, ends the
 * whole process. So a stream is closed once its request is written, and left alone if it could not be: there is nothing
 * in it to close any more.
 * https://github.com/awslabs/aws-crt-nodejs/blob/main/source/event_stream.c
 */
const leaveEndedStreams = (
  connection: ReturnType<GreengrassSdk['createClient']>['rpcClient']['connection'],
): void => {
  const newStream = connection.newStream.bind(connection);
  connection.newStream = () => {
    const stream = newStream();
    const activate = stream.activate.bind(stream);
    const close = stream.close.bind(stream);
    let isToClose = false;
    stream.close = () => {
      if (stream.state === ACTIVATING) isToClose = true;
      else if (stream.state !== ENDED) close();
    };
    stream.activate = async (options) => {
      try {
        await activate(options);
      } finally {
        if (isToClose) stream.close();
      }
    };
    return stream;
  };
};

/** A nucleus that knows no such token closes the connection, which looks to the SDK as if nobody had been there. */
const isListening = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = dial(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const within = async (ms: number, connecting: Promise<unknown>): Promise<void> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the nucleus did not answer within ${ms / 1000} s`)), ms);
  try {
    await Promise.race([connecting, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * A nucleus answers with `message`, or with `_message` and the error's name in `_errorCode`: the SDK hands on whichever
 * came. Where the name is missing, the sentence has to do.
 */
const describeFailure = (error: unknown): NucleusAnswer => {
  const { name, message } = serviceErrorOf(error);
  const isDenied = name === 'UnauthorizedError' || /authori[sz]|denied/i.test(message);
  return { ok: false, reason: isDenied ? 'denied' : 'failed', message };
};

const serviceErrorOf = (error: unknown): Readonly<{ name: string; message: string }> => {
  if (!(error instanceof Error)) return { name: '', message: String(error) };
  const { name, message } = error;
  if (!('type' in error && error.type === SERVICE_ERROR && 'serviceError' in error)) return { name, message };
  const said = new Map(Object.entries(Object(error.serviceError)));
  const text = (key: string) => (typeof said.get(key) === 'string' ? String(said.get(key)) : null);
  return { name: text('_errorCode') ?? name, message: text('message') ?? text('_message') ?? message };
};

/** A payload as the SDK hands it on: bytes, or what they were. */
const textOf = (payload: unknown): string =>
  payload instanceof ArrayBuffer || payload instanceof Uint8Array
    ? Buffer.from(payload instanceof ArrayBuffer ? new Uint8Array(payload) : payload).toString()
    : String(payload ?? '');
