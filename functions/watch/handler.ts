import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { received } from '../../domain/message/received.ts';
import { createDynamoLedger } from '../adapters/dynamo-ledger.ts';
import { readEnvironment } from '../environment/read-environment.ts';
import { readInferenceEvent } from '../ingest/read-inference-event.ts';
import { observed, traced } from '../observed/observed.ts';
import { environment } from './environment.ts';
import { watchSamples } from './watch-samples.ts';

const { LEDGER_TABLE, POLICY, TOPIC_PREFIX } = readEnvironment(environment);
const ledger = createDynamoLedger({ client: traced(new DynamoDBClient()), table: LEDGER_TABLE });
// A gateway that speaks all the time is noted often enough not to seem to pause, and not at every message.
const watch = watchSamples({ ledger, policies: POLICY, heardEveryMs: POLICY.default.staleAfterMs / 2 });

export const handler = observed((event) =>
  watch(readInferenceEvent(event).map((raw) => received(raw, TOPIC_PREFIX))),
);
