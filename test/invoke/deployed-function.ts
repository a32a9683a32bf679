import { coldStart, type FunctionName } from '../event-source/function-runtime.ts';
import type { StandIns } from './stand-ins.ts';

/** A function in the environment of this process, and with its services: what it writes is there to be looked at. */
export const deployedFunction = async (name: FunctionName): Promise<StandIns> => {
  process.env.POWERTOOLS_TRACE_ENABLED ??= 'false';
  const handler = await coldStart(name);
  let requests = 0;
  return {
    call: (_name, event) => {
      requests += 1;
      return handler(event, {
        functionName: name,
        functionVersion: '$LATEST',
        invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${name}`,
        memoryLimitInMB: '512',
        awsRequestId: `request-${requests}`,
        getRemainingTimeInMillis: () => 60_000,
      });
    },
    written: () => ({}),
    close: () => Promise.resolve(),
  };
};
