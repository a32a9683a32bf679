import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { batchAnswer, readStream } from '../../aws/dynamodb/read-stream.ts';
import { logger, metrics, observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createShadowTwins } from '../../aws/shadow/twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { environment } from './environment.ts';

const { IOT_DATA_ENDPOINT } = readEnvironment(environment);
const client = new IoTDataPlaneClient(IOT_DATA_ENDPOINT === undefined ? {} : { endpoint: IOT_DATA_ENDPOINT });
const report = reportTwins({ twins: createShadowTwins({ client: traced(client), shadowName: 'twin' }) });

export const handler = observed(async (event) => {
  const records = readStream(event);
  const { reported, failed, malformed } = await report(records.map(({ item }) => item));
  metrics.addMetric('TwinsReported', MetricUnit.Count, reported);
  for (const { cylinder, error } of failed)
    logger.error(`the twin of ${cylinder} could not be written`, { error });
  for (const { detail } of malformed) logger.error(detail);
  return batchAnswer(
    records,
    [...failed, ...malformed].map(({ index }) => index),
  );
});
