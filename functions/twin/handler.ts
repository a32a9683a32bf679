import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { batchAnswer } from '../../aws/dynamodb/batch-answer.ts';
import { imageOf } from '../../aws/dynamodb/image-of.ts';
import { readStreamEvent } from '../../aws/dynamodb/read-stream-event.ts';
import { readTwinItem } from '../../aws/dynamodb/twin-item.ts';
import { logger, metrics, observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createShadowTwins } from '../../aws/shadow/shadow-twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { environment } from './environment.ts';

const { IOT_DATA_ENDPOINT } = readEnvironment(environment);
const client = new IoTDataPlaneClient(IOT_DATA_ENDPOINT === undefined ? {} : { endpoint: IOT_DATA_ENDPOINT });
const report = reportTwins({ twins: createShadowTwins({ client: traced(client), shadowName: 'twin' }) });

export const handler = observed(async (event) => {
  const records = readStreamEvent(event);
  const { reported, failed, malformed } = await report(
    records.map((record) => readTwinItem(imageOf(record))),
  );
  metrics.addMetric('TwinsReported', MetricUnit.Count, reported);
  for (const { cylinder, error } of failed)
    logger.error(`the twin of ${cylinder} could not be written`, { error });
  for (const { detail } of malformed) logger.error(detail);
  return batchAnswer(
    records,
    [...failed, ...malformed].map(({ index }) => index),
  );
});
