import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { createDynamoNotificationLog } from '../../aws/dynamodb/notification-log.ts';
import { batchAnswer, readStream } from '../../aws/dynamodb/read-stream.ts';
import { logger, metrics, observed, traced } from '../../aws/lambda/observed.ts';
import { openTelemetry } from '../../aws/lambda/open-telemetry.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createSnsNotifier } from '../../aws/sns/notifier.ts';
import { sendNotifications } from '../../usecases/send-notifications.ts';
import { environment } from './environment.ts';

const variables = readEnvironment(environment);
const notify = sendNotifications({
  log: createDynamoNotificationLog({ client: traced(new DynamoDBClient()), table: variables.LEDGER_TABLE }),
  notifier: createSnsNotifier({
    client: traced(new SNSClient()),
    topicArn: variables.ALERT_TOPIC_ARN,
    site: variables.SITE,
    language: variables.ALERT_LANGUAGE,
    timeZone: variables.ALERT_TIMEZONE,
  }),
  telemetry: openTelemetry(variables),
  now: Date.now,
});

export const handler = observed(async (event) => {
  const records = readStream(event);
  const { notified, failures } = await notify(records.map(({ item }) => item));
  metrics.addMetric('NoticesTold', MetricUnit.Count, notified);
  for (const { error } of failures) logger.error(error.message, error);
  return batchAnswer(
    records,
    failures.map(({ index }) => index),
  );
});
