import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { functionClient } from '../../aws/client-settings.ts';
import { readInferenceEvent } from '../../aws/iot/rule-events.ts';
import { createBatchAnswer, failuresOf } from '../../aws/lambda/batch-answer.ts';
import { deployedReading } from '../../aws/lambda/deployed-reading.ts';
import { metrics, observed, traced } from '../../aws/lambda/observed.ts';
import { openTelemetry } from '../../aws/lambda/open-telemetry.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createS3Quarantine } from '../../aws/s3/quarantine.ts';
import { isOfPlant, received } from '../../domain/message/read-message.ts';
import { storeSamples } from '../../usecases/store-samples.ts';
import { storeEnvironment } from '../environments.ts';

const variables = readEnvironment(storeEnvironment);
const store = storeSamples({
  telemetry: openTelemetry(variables),
  quarantine: createS3Quarantine({
    client: traced(new S3Client(functionClient)),
    bucket: variables.QUARANTINE_BUCKET,
    ...(variables.TOPIC_PREFIX === undefined ? {} : { topicPrefix: variables.TOPIC_PREFIX }),
  }),
  policies: variables.POLICY,
});
const reading = { prefix: variables.TOPIC_PREFIX, ...deployedReading };
const answer = createBatchAnswer(variables.DEAD_LETTER_QUEUE_URL);

export const handler = observed(async (event, context) => {
  const messages = readInferenceEvent(event).map((raw) => received(raw, reading));
  const batch = messages.filter(isOfPlant);
  const counts = await store(batch).catch((error: unknown) => failuresOf(event, error));
  if (!('stored' in counts)) return await answer(event, context, counts);
  metrics.addMetric('Messages', MetricUnit.Count, batch.length);
  metrics.addMetric('SamplesStored', MetricUnit.Count, counts.stored);
  metrics.addMetric('SamplesRepeated', MetricUnit.Count, counts.repeated);
  metrics.addMetric('Quarantined', MetricUnit.Count, counts.quarantined);
  metrics.addMetric('SamplesRejected', MetricUnit.Count, counts.rejected);
  // Whoever calls it again with what had failed sees what became of it.
  return { ...counts, batchItemFailures: [] };
});
