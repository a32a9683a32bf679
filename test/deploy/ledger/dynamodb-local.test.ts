import { after } from 'node:test';
import { startDynamoDbLocal } from '../emulator/dynamodb-local.ts';
import { dynamoContracts } from './dynamo-contracts.ts';

const service = await startDynamoDbLocal();
after(() => service.stop());

dynamoContracts('DynamoDB Local', service.connect);
