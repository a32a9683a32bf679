import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { createDynamoNoticeBox } from '../adapters/dynamo-notice-box.ts';
import { createSnsNotifier } from '../adapters/sns-notifier.ts';
import { readEnvironment } from '../environment/read-environment.ts';
import { batchAnswer } from '../ledger-stream/batch-answer.ts';
import { readStreamEvent } from '../ledger-stream/read-stream-event.ts';
import { logger, metrics, observed, traced } from '../observed/observed.ts';
import { openTelemetry } from '../telemetry/open-telemetry.ts';
import { environment } from './environment.ts';
import { readLedgerItem } from './read-ledger-item.ts';
import { tellNotices } from './tell-notices.ts';

const variables = readEnvironment(environment);
const tell = tellNotices({
  box: createDynamoNoticeBox({ client: traced(new DynamoDBClient()), table: variables.LEDGER_TABLE }),
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
  const records = readStreamEvent(event);
  const { told, failures } = await tell(records.map(readLedgerItem));
  metrics.addMetric('NoticesTold', MetricUnit.Count, told);
  for (const { error } of failures) logger.error(error.message, error);
  return batchAnswer(
    records,
    failures.map(({ index }) => index),
  );
});
