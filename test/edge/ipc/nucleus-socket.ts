import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { decodeFrames, encodeFrame, FLAG, FRAME, type Frame } from './event-stream.ts';
import type { NucleusDouble } from './nucleus-double.ts';

/** The double behind a Unix socket, as event stream RPC: any client for components can speak to it. */
export type NucleusSocket = AsyncDisposable &
  Readonly<{
    /** What a component finds in its environment. */
    environment: Readonly<Record<string, string>>;
    /** Ends all connections, as a nucleus that ends does. */
    drop(): void;
  }>;

const TOKEN = 'token-of-this-component';

export const startNucleusSocket = async (double: NucleusDouble, path: string): Promise<NucleusSocket> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => {});
    serve(socket, double);
  });
  server.listen(path);
  await once(server, 'listening');
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    environment: {
      AWS_GG_NUCLEUS_DOMAIN_SOCKET_FILEPATH_FOR_COMPONENT: path,
      SVCUID: TOKEN,
      AWS_IOT_THING_NAME: 'core-1',
    },
    drop,
    async [Symbol.asyncDispose]() {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
};

const serve = (socket: Socket, double: NucleusDouble): void => {
  let bytes: Buffer = Buffer.alloc(0);
  const send = (frame: Frame) => socket.writable && socket.write(encodeFrame(frame));
  socket.on('data', (chunk) => {
    const { frames, rest } = decodeFrames(Buffer.concat([bytes, chunk]));
    bytes = rest;
    for (const frame of frames) {
      if (frame.type === FRAME.connect) acknowledge(frame, send, socket);
      else if (frame.headers.operation !== undefined) void handle(frame, double, send, socket);
    }
  });
};

/** To a token that it does not know a nucleus lite closes the connection without a word. */
const acknowledge = ({ payload }: Frame, send: (frame: Frame) => unknown, socket: Socket): void => {
  if (JSON.parse(payload).authToken !== TOKEN) return void socket.end();
  send({ type: FRAME.connectAck, flags: FLAG.accepted, stream: 0, headers: {}, payload: '' });
};

const handle = async (
  { headers, stream, payload }: Frame,
  double: NucleusDouble,
  send: (frame: Frame) => unknown,
  socket: Socket,
): Promise<void> => {
  const reply = (type: number, flags: number, shape: string, body: unknown) =>
    send({
      type,
      flags,
      stream,
      headers: { ':content-type': 'application/json', 'service-model-type': `aws.greengrass#${shape}` },
      payload: JSON.stringify(body),
    });
  // As a nucleus lite 2.6.0 was recorded to answer.
  const fail = (shape: string, message: string): void =>
    void reply(FRAME.error, FLAG.terminate, shape, { _message: message, _errorCode: shape });
  const request = JSON.parse(payload);
  switch (headers.operation) {
    case 'aws.greengrass#PublishToIoTCore': {
      const answer = await double.publish(
        request.topicName,
        Buffer.from(request.payload, 'base64').toString(),
      );
      if (answer.kind === 'drop') return void socket.destroy();
      if (answer.kind === 'ok')
        return void reply(FRAME.application, FLAG.terminate, 'PublishToIoTCoreResponse', {});
      return fail(answer.shape, answer.message);
    }
    case 'aws.greengrass#GetConfiguration': {
      const body = { componentName: 'GGMLInference', value: double.configuration() };
      return void reply(FRAME.application, FLAG.terminate, 'GetConfigurationResponse', body);
    }
    case 'aws.greengrass#SubscribeToIoTCore': {
      const { topicName } = request;
      const answer = double.subscribe(topicName, (text) => {
        const message = { topicName, payload: Buffer.from(text).toString('base64') };
        reply(FRAME.application, 0, 'IoTCoreMessage', { message });
      });
      if (answer.kind === 'error') return fail(answer.shape, answer.message);
      socket.once('close', () => answer.end?.());
      return void reply(FRAME.application, 0, 'SubscribeToIoTCoreResponse', {});
    }
    case 'aws.greengrass#SubscribeToConfigurationUpdate':
      reply(FRAME.application, 0, 'SubscribeToConfigurationUpdateResponse', {});
      return double.onConfigured(() => {
        const body = { configurationUpdateEvent: { componentName: 'GGMLInference', keyPath: [] } };
        reply(FRAME.application, 0, 'ConfigurationUpdateEvents', body);
      });
    default:
      return fail('ServiceError', `there is no operation ${headers.operation}`);
  }
};
