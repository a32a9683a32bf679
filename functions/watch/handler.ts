import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { readInferenceEvent } from '../../aws/iot/read-inference-event.ts';
import { observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { received } from '../../domain/message/read-message.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import { environment } from './environment.ts';

const { LEDGER_TABLE, POLICY, TOPIC_PREFIX } = readEnvironment(environment);
const ledger = createDynamoLedger({ client: traced(new DynamoDBClient()), table: LEDGER_TABLE });
// A gateway that speaks all the time is noted often enough not to seem to pause, and not at every message.
const watch = evaluateSamples({ ledger, policies: POLICY, heardEveryMs: POLICY.default.staleAfterMs / 2 });

export const handler = observed(async (event) => {
  await watch(readInferenceEvent(event).map((raw) => received(raw, TOPIC_PREFIX)));
  // Nothing is to come again.
  return { batchItemFailures: [] };
});
