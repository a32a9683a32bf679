import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../adapters/dynamo-ledger.ts';
import { readEnvironment } from '../environment/read-environment.ts';
import { observed, traced } from '../observed/observed.ts';
import { environment } from './environment.ts';
import { obeyDesired } from './obey-desired.ts';
import { readDesiredEvent } from './read-desired-event.ts';

const { LEDGER_TABLE, POLICY } = readEnvironment(environment);
const ledger = createDynamoLedger({ client: traced(new DynamoDBClient()), table: LEDGER_TABLE });
const obey = obeyDesired({ ledger, policies: POLICY });

export const handler = observed((event) => obey(readDesiredEvent(event)));
