import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';

export const logger = new Logger();
export const metrics = new Metrics();
const tracer = new Tracer();

/** A client of the SDK whose calls appear in the function's trace. */
export const traced = <Client>(client: Client): Client => tracer.captureAWSv3Client(client);

/** Powertools' own middleware writes a warning into the log for every run that counts nothing. */
const publishMetrics = (): void => {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
};

/** What a function is told of itself. */
export type CalledFunction = Readonly<{ invokedFunctionArn: string }>;

/** A handler whose runs are logged, measured and traced. What it throws is logged and thrown on, for the event source. */
export const observed = <Result>(handle: (event: unknown, context: CalledFunction) => Promise<Result>) =>
  middy<unknown, Result>()
    .use(injectLambdaContext(logger, { flushBufferOnUncaughtError: true }))
    .use({ after: publishMetrics, onError: publishMetrics })
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .handler(handle);
