import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { EventError } from '../../aws/aws-error.ts';
import { functionClient } from '../../aws/client-settings.ts';
import { readStream } from '../../aws/dynamodb/read-stream.ts';
import { createBatchAnswer } from '../../aws/lambda/batch-answer.ts';
import { metrics, observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createShadowTwins } from '../../aws/shadow/twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { twinEnvironment } from '../environments.ts';

const { DEAD_LETTER_QUEUE_URL, IOT_DATA_ENDPOINT } = readEnvironment(twinEnvironment);
const client = new IoTDataPlaneClient({
  ...functionClient,
  ...(IOT_DATA_ENDPOINT === undefined ? {} : { endpoint: IOT_DATA_ENDPOINT }),
});
const report = reportTwins({ twins: createShadowTwins({ client: traced(client), shadowName: 'twin' }) });

const answer = createBatchAnswer(DEAD_LETTER_QUEUE_URL);

export const handler = observed(async (event, context) => {
  const { reported, failed, malformed } = await report(readStream(event));
  metrics.addMetric('TwinsReported', MetricUnit.Count, reported);
  const neverUnderstood = malformed.map(({ index, detail }) => ({
    index,
    error: new EventError('poison', detail),
  }));
  return await answer(event, context, [...failed, ...neverUnderstood]);
});
