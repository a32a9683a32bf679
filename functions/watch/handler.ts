import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { functionClient } from '../../aws/client-settings.ts';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { readInferenceEvent } from '../../aws/iot/rule-events.ts';
import { createBatchAnswer, failuresOf } from '../../aws/lambda/batch-answer.ts';
import { deployedReading } from '../../aws/lambda/deployed-reading.ts';
import { deployedReference } from '../../aws/lambda/deployed-reference.ts';
import { observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { received } from '../../domain/message/read-message.ts';
import { evaluateSamples, UnevaluatedError } from '../../usecases/evaluate-samples.ts';
import { watchEnvironment } from '../environments.ts';

const { DEAD_LETTER_QUEUE_URL, HISTORY_TABLE, LEDGER_TABLE, POLICY, TOPIC_PREFIX } =
  readEnvironment(watchEnvironment);
const ledger = createDynamoLedger({
  client: traced(new DynamoDBClient(functionClient)),
  table: LEDGER_TABLE,
  historyTable: HISTORY_TABLE,
});
// A gateway that speaks all the time is noted well before a sweep would have to ask its cylinders, and not at every batch.
const watch = evaluateSamples({
  ledger,
  policies: { ...POLICY, ...deployedReference },
  heardEveryMs: POLICY.default.offlineAfterMs / 3,
});

const answer = createBatchAnswer(DEAD_LETTER_QUEUE_URL);

export const handler = observed(async (event, context) => {
  const failures = await watch(
    readInferenceEvent(event).map((raw) => received(raw, { prefix: TOPIC_PREFIX, ...deployedReading })),
  ).then(
    () => [],
    (error: unknown) => failuresOf(event, error, error instanceof UnevaluatedError ? error.failures : []),
  );
  return await answer(event, context, failures);
});
