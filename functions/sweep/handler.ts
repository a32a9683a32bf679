import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { functionClient } from '../../aws/client-settings.ts';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { sweepLedger } from '../../usecases/sweep-ledger.ts';
import { sweepEnvironment } from '../environments.ts';

const { HISTORY_TABLE, LEDGER_TABLE, POLICY } = readEnvironment(sweepEnvironment);
const ledger = createDynamoLedger({
  client: traced(new DynamoDBClient(functionClient)),
  table: LEDGER_TABLE,
  historyTable: HISTORY_TABLE,
});
const sweep = sweepLedger({ ledger, policies: POLICY });

/** The schedule says for when it meant the sweep; a repetition keeps it. */
const scheduled = v.object({ time: v.pipe(v.string(), v.isoTimestamp()) });

export const handler = observed(async (event) => {
  const parsed = v.safeParse(scheduled, event);
  await sweep(parsed.success ? Date.parse(parsed.output.time) : Date.now());
});
