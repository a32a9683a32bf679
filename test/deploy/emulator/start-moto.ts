import { deployTool } from './deploy-tools.ts';
import { freePort } from './free-port.ts';
import { type RunningServer, startServer } from './start-server.ts';
import { startTimestreamFront } from './timestream-front.ts';

/** Where moto answers; `AWS_ENDPOINT_URL_TIMESTREAM_WRITE` for functions that shall write there. */
export type Moto = RunningServer & Readonly<{ endpoint: string }>;

/** Starts an empty moto server on a free port of 127.0.0.1, behind what it takes to be a Timestream. */
export const startMoto = async (): Promise<Moto> => {
  const { command, args } = await deployTool('moto.server');
  const port = await freePort();
  const server = await startServer({
    command,
    args: [...args, '-H', '127.0.0.1', '-p', String(port)],
    env: { ...process.env },
    health: `http://127.0.0.1:${port}/moto-api/data.json`,
  });
  const front = await startTimestreamFront(port);
  return {
    output: server.output,
    endpoint: front.endpoint,
    stop: async () => {
      await front.stop();
      await server.stop();
    },
  };
};
