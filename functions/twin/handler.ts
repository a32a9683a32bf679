import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { createShadowTwins } from '../adapters/shadow-twins.ts';
import { readEnvironment } from '../environment/read-environment.ts';
import { batchAnswer } from '../ledger-stream/batch-answer.ts';
import { readStreamEvent } from '../ledger-stream/read-stream-event.ts';
import { logger, metrics, observed, traced } from '../observed/observed.ts';
import { environment } from './environment.ts';
import { imageOf } from './image-of.ts';
import { reportTwins } from './report-twins.ts';

const { IOT_DATA_ENDPOINT } = readEnvironment(environment);
const client = new IoTDataPlaneClient(IOT_DATA_ENDPOINT === undefined ? {} : { endpoint: IOT_DATA_ENDPOINT });
const report = reportTwins({ twins: createShadowTwins({ client: traced(client), shadowName: 'twin' }) });

export const handler = observed(async (event) => {
  const records = readStreamEvent(event);
  const { reported, failed, malformed } = await report(records.map(imageOf));
  metrics.addMetric('TwinsReported', MetricUnit.Count, reported);
  for (const { cylinder, error } of failed)
    logger.error(`the twin of ${cylinder} could not be written`, { error });
  for (const { detail } of malformed) logger.error(detail);
  return batchAnswer(
    records,
    [...failed, ...malformed].map(({ index }) => index),
  );
});
