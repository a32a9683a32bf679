import type { DynamoDBRecord } from 'aws-lambda';
import type { Answer, Request } from '../aws/start-server.ts';
import { memoryTable } from '../fixture/dynamo/memory-table.ts';
import { operationsOn } from '../fixture/dynamo/operations.ts';
import { ServiceFailure } from '../fixture/dynamo/service-failure.ts';
import type { Tape } from './tape.ts';

type Settings = Readonly<{
  now: () => number;
  tape: Tape;
  onRecords: (records: readonly DynamoDBRecord[]) => void;
}>;

/** Records of one transaction come on the stream in any order, each with the place that it then has. */
const shuffled = (records: readonly DynamoDBRecord[], tape: Tape): readonly DynamoDBRecord[] => {
  const left = [...records];
  return records.flatMap(({ dynamodb }) => {
    const [next] = left.splice(tape.choose(left.length), 1);
    const { SequenceNumber } = dynamodb ?? {};
    if (next === undefined || SequenceNumber === undefined) return [];
    return { ...next, dynamodb: { ...next.dynamodb, SequenceNumber } };
  });
};

/**
 * DynamoDB with the ledger's table over HTTP; what it writes goes to its stream, on which the records of a transaction
 * have no order. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export const dynamoService = ({ now, tape, onRecords }: Settings) => {
  const table = memoryTable({ now });
  const operations = operationsOn(table, { pageItems: 3 });
  const answered = (status: number, body: object): Answer => ({
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  });
  const answer = ({ headers, body }: Request): Answer => {
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    const run = operations.get(operation);
    if (run === undefined) throw new Error(`the table does not know ${operation}`);
    try {
      return answered(200, run(body.toString('utf8')));
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      const { name, message, status, detail } = error;
      return answered(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, ...detail });
    } finally {
      onRecords(shuffled(table.stream(), tape));
    }
  };
  return { answer, table };
};
