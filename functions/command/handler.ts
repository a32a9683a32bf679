import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { functionClient } from '../../aws/client-settings.ts';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { SAVE_PATIENCE_MS } from '../../aws/dynamodb/table.ts';
import { readDesiredEvent } from '../../aws/iot/rule-events.ts';
import { observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { applyDesiredState } from '../../usecases/apply-desired-state.ts';
import { commandEnvironment } from '../environments.ts';

const { HISTORY_TABLE, LEDGER_TABLE, POLICY } = readEnvironment(commandEnvironment);
const ledger = createDynamoLedger({
  client: traced(new DynamoDBClient(functionClient)),
  table: LEDGER_TABLE,
  historyTable: HISTORY_TABLE,
  patienceMs: SAVE_PATIENCE_MS.one,
});
const apply = applyDesiredState({ ledger, policies: POLICY });

export const handler = observed((event) => apply(readDesiredEvent(event)));
