import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { inferenceAnswer, readInferenceEvent } from '../../aws/iot/read-inference-event.ts';
import { logger, observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { received } from '../../domain/message/read-message.ts';
import { evaluateSamples, UnevaluatedError } from '../../usecases/evaluate-samples.ts';
import { environment } from './environment.ts';

const { LEDGER_TABLE, POLICY, TOPIC_PREFIX } = readEnvironment(environment);
const ledger = createDynamoLedger({ client: traced(new DynamoDBClient()), table: LEDGER_TABLE });
// A gateway that speaks all the time is noted often enough not to seem to pause, and not at every message.
const watch = evaluateSamples({ ledger, policies: POLICY, heardEveryMs: POLICY.default.staleAfterMs / 2 });

export const handler = observed(async (event) => {
  try {
    await watch(readInferenceEvent(event).map((raw) => received(raw, TOPIC_PREFIX)));
    return inferenceAnswer(event, []);
  } catch (error) {
    const answer = inferenceAnswer(event, error instanceof UnevaluatedError ? error.indices : []);
    if (answer.batchItemFailures.length === 0 || !(error instanceof Error)) throw error;
    logger.error(error.message, error);
    return answer;
  }
});
