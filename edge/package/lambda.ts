import * as sdk from 'aws-iot-device-sdk-v2/dist/greengrasscoreipc.js';
import { keepHeapSmall } from '../gateway/housekeeping.ts';
import { jsonLog } from '../gateway/log.ts';
import { connectBySdk } from '../ipc/sdk-connection.ts';
import { runComponent } from './run-component.ts';
import { settingsOfEnvironment } from './settings.ts';

/**
 * The Lambda component: a long-lived (pinned) function, which the nucleus starts once. The gateway begins with the
 * process, not with a call of its handler.
 */
export const startLambda = async (): Promise<void> => {
  keepHeapSmall();
  const { AWS_IOT_THING_NAME: thing = 'gateway', WORK_FOLDER: workFolder = '/tmp' } = process.env;
  const stopping = new AbortController();
  process.once('SIGTERM', () => stopping.abort());
  const code = await runComponent(
    {
      connect: connectBySdk(sdk),
      surroundings: { thing, workFolder },
      configuration: () => Promise.resolve(settingsOfEnvironment(process.env)),
      log: jsonLog,
    },
    stopping.signal,
  );
  process.exit(code);
};
