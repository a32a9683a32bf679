import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { functionClient } from '../../aws/client-settings.ts';
import { createDynamoNotificationLog } from '../../aws/dynamodb/notification-log.ts';
import { readStream } from '../../aws/dynamodb/read-stream.ts';
import { createKmsLinkKey } from '../../aws/kms/link-key.ts';
import { createBatchAnswer } from '../../aws/lambda/batch-answer.ts';
import { metrics, observed, traced } from '../../aws/lambda/observed.ts';
import { openTelemetry } from '../../aws/lambda/open-telemetry.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createSnsNotifier } from '../../aws/sns/notifier.ts';
import { linkFor } from '../../desk/api/link-token.ts';
import { sendNotifications } from '../../usecases/send-notifications.ts';
import { linksOf, notifyEnvironment, topicsOf } from '../environments.ts';

const variables = readEnvironment(notifyEnvironment);
const client = traced(new DynamoDBClient(functionClient));
const links = linksOf(variables);
const notify = sendNotifications({
  log: createDynamoNotificationLog({ client, table: variables.LEDGER_TABLE }),
  notifier: createSnsNotifier({
    client: traced(new SNSClient(functionClient)),
    ...topicsOf(variables),
    site: variables.SITE,
    language: variables.ALERT_LANGUAGE,
    timeZone: variables.ALERT_TIMEZONE,
    linkFor: links === null ? undefined : linkFor(links.url, createKmsLinkKey({ client, ...links })),
  }),
  telemetry: openTelemetry(variables),
  now: Date.now,
});
const answer = createBatchAnswer(variables.DEAD_LETTER_QUEUE_URL);

export const handler = observed(async (event, context) => {
  const { notified, failures } = await notify(readStream(event));
  metrics.addMetric('NoticesTold', MetricUnit.Count, notified);
  return await answer(event, context, failures);
});
