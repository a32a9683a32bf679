import { env } from 'node:process';
import type { FrontDoor } from './front-door.ts';
import type { Tape } from './tape.ts';

export const FUNCTIONS = ['store', 'watch', 'command', 'sweep', 'notify', 'twin', 'canary'] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

type Handler = (event: unknown, context: object) => Promise<unknown>;

const isModule = (module: unknown): module is Readonly<{ handler: Handler }> =>
  typeof module === 'object' &&
  module !== null &&
  'handler' in module &&
  typeof module.handler === 'function';

let instances = 0;

/** Loads a function's module anew, as a cold start does: with clients and memories of its own. */
export const coldStart = async (name: FunctionName): Promise<Handler> => {
  instances += 1;
  const module: unknown = await import(`../../functions/${name}/handler.ts?instance=${instances}`);
  if (!isModule(module)) throw new Error(`functions/${name}/handler.ts exports no handler`);
  return module.handler;
};

/** Sets what the functions read of their environment; to be called before any of them is loaded. */
export const deployFunctions = (variables: Readonly<Record<string, string>>): void => {
  Object.assign(env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    // The SDK's own retries take real time; what happens when they are exhausted is what matters here.
    AWS_MAX_ATTEMPTS: '1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_TRACE_ENABLED: 'false',
    POWERTOOLS_SERVICE_NAME: 'cylinder-sentinel-test',
    ...variables,
  });
};

/** The functions as a runtime calls them: events and answers pass as JSON; each call at once, and each after a kill, has an instance of its own. */
export const functionRuntime = ({ door, tape }: Readonly<{ door: FrontDoor; tape: Tape }>) => {
  const idle = new Map<FunctionName, Handler[]>();
  let requests = 0;
  let running = 0;
  return async (name: FunctionName, event: unknown): Promise<unknown> => {
    const handler = idle.get(name)?.pop() ?? (await coldStart(name));
    requests += 1;
    running += 1;
    const context = {
      functionName: `cylinder-sentinel-test-${name}`,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:cylinder-sentinel-test-${name}`,
      memoryLimitInMB: '512',
      awsRequestId: `request-${requests}`,
      getRemainingTimeInMillis: () => 60_000,
    };
    try {
      const answer = await handler(JSON.parse(JSON.stringify(event)), context);
      await door.quiet();
      if (door.isDead() || tape.happens(24)) throw new Error(`${name} was killed`);
      return answer === undefined ? null : JSON.parse(JSON.stringify(answer));
    } finally {
      await door.quiet();
      if (!door.isDead()) idle.set(name, [...(idle.get(name) ?? []), handler]);
      running -= 1;
      // What died takes with it whatever ran beside it: none of them may come back to life.
      if (running === 0) door.revive();
    }
  };
};

export type FunctionRuntime = ReturnType<typeof functionRuntime>;
