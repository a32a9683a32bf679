import * as sdk from 'aws-iot-device-sdk-v2/dist/greengrasscoreipc.js';
import { jsonLog } from '../gateway/log.ts';
import { connectBySdk } from '../ipc/sdk-connection.ts';
import { runComponent } from './run-component.ts';

/** The generic component: what the recipe's Run starts, on the classic nucleus and on nucleus lite. */

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

const { AWS_IOT_THING_NAME: thing = 'gateway' } = process.env;
const code = await runComponent(
  { connect: connectBySdk(sdk), surroundings: { thing, workFolder: process.cwd() }, log: jsonLog },
  stopping.signal,
);
// The SDK's own threads would keep the process.
process.exit(code);
