import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { readDesiredEvent } from '../../aws/iot/read-desired-event.ts';
import { observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { applyDesiredState } from '../../usecases/apply-desired-state.ts';
import { environment } from './environment.ts';

const { LEDGER_TABLE, POLICY } = readEnvironment(environment);
const ledger = createDynamoLedger({ client: traced(new DynamoDBClient()), table: LEDGER_TABLE });
const apply = applyDesiredState({ ledger, policies: POLICY });

export const handler = observed((event) => apply(readDesiredEvent(event)));
