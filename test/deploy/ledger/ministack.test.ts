import { after } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startMinistack } from '../emulator/start-ministack.ts';
import { dynamoContracts } from './dynamo-contracts.ts';

const { endpoint, region, stop } = await startMinistack();
after(() => stop());

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
dynamoContracts('DynamoDB on ministack', () => new DynamoDBClient({ endpoint, region, credentials }));
