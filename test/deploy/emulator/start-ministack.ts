import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployTool } from './deploy-tools.ts';
import { freePort } from './free-port.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** Where an AWS of this machine answers. Any access key is let in; `test` is the account's root under `auth`. */
export type Ministack = RunningServer & Readonly<{ endpoint: string; region: string; port: number }>;

type Options = Readonly<{
  /** Whether what roles may do is enforced. */
  auth?: boolean;
  /** More environment; the functions that it runs inherit it. */
  env?: Readonly<Record<string, string>>;
}>;

const REGION = 'eu-central-1';

const NODE_FOLDER = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

/** Starts an empty ministack on a free port of 127.0.0.1. */
export const startMinistack = async ({ auth = false, env = {} }: Options = {}): Promise<Ministack> => {
  const { command, args } = await deployTool('ministack');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startServer({
    command,
    args,
    env: {
      ...process.env,
      // It runs functions with the `node` that it finds first.
      PATH: `${NODE_FOLDER}${delimiter}${process.env.PATH ?? ''}`,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_REGION: REGION,
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      AUTH: String(auth),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...env,
    },
    health: `${endpoint}/_ministack/health`,
  });
  return { ...server, endpoint, region: REGION, port };
};
