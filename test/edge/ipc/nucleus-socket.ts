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

const acknowledge = ({ payload }: Frame, send: (frame: Frame) => unknown, socket: Socket): void => {
  const isAccepted = JSON.parse(payload).authToken === TOKEN;
  const flags = isAccepted ? FLAG.accepted : 0;
  send({ type: FRAME.connectAck, flags, stream: 0, headers: {}, payload: '' });
  if (!isAccepted) socket.end();
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
      return void reply(FRAME.error, FLAG.terminate, answer.shape, { message: answer.message });
    }
    case 'aws.greengrass#GetConfiguration': {
      const body = { componentName: 'GGMLInference', value: double.configuration() };
      return void reply(FRAME.application, FLAG.terminate, 'GetConfigurationResponse', body);
    }
    case 'aws.greengrass#SubscribeToConfigurationUpdate':
      reply(FRAME.application, 0, 'SubscribeToConfigurationUpdateResponse', {});
      return double.onConfigured(() => {
        const body = { configurationUpdateEvent: { componentName: 'GGMLInference', keyPath: [] } };
        reply(FRAME.application, 0, 'ConfigurationUpdateEvents', body);
      });
    default: {
      const message = `there is no operation ${headers.operation}`;
      return void reply(FRAME.error, FLAG.terminate, 'ServiceError', { message });
    }
  }
};
