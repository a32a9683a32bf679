import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { askTimestream } from '../../../aws/timestream/ask-timestream.ts';
import { clientSettings } from '../start-server.ts';
import { type AwsAnswer, startAwsJson } from '../telemetry/aws-json.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A Timestream that gives one answer after the other to queries, and keeps what it was asked to do. */
const startTimestream = async (answers: readonly AwsAnswer[]) => {
  const asked: (readonly [operation: string, input: unknown])[] = [];
  let given = 0;
  const server = await startAwsJson((operation, input) => {
    asked.push([operation, input]);
    if (operation === 'DescribeEndpoints')
      return { result: { Endpoints: [{ Address: '127.0.0.1', CachePeriodInMinutes: 1 }] } };
    if (operation === 'CancelQuery') return { result: { CancellationMessage: 'cancelled' } };
    given += 1;
    return answers[given - 1] ?? { error: 'ValidationException' };
  });
  const client = new DynamoDBClient(clientSettings(server.endpoint));
  ends.push(() => {
    client.destroy();
    return server.close();
  });
  return { asked, question: { client, endpoint: server.endpoint } };
};

const column = (Name: string, ScalarType: string) => ({ Name, Type: { ScalarType } });
const COLUMNS = [
  column('cylinder', 'VARCHAR'),
  column('hour', 'TIMESTAMP'),
  column('samples', 'BIGINT'),
  column('is_open', 'BOOLEAN'),
];
const row = (...cells: readonly (string | null)[]) => ({
  Data: cells.map((cell) => (cell === null ? { NullValue: true } : { ScalarValue: cell })),
});
const status = (CumulativeBytesScanned: number, ProgressPercentage: number) => ({
  CumulativeBytesScanned,
  ProgressPercentage,
});
const page = (rows: readonly object[], scanned: number, percent: number, more?: string): AwsAnswer => ({
  result: {
    QueryId: 'Q1',
    Rows: rows,
    ColumnInfo: COLUMNS,
    QueryStatus: status(scanned, percent),
    ...(more === undefined ? {} : { NextToken: more }),
  },
});
const operations = (asked: readonly (readonly [string, unknown])[]): readonly string[] =>
  asked.map(([operation]) => operation);

test('rows of all pages come by name, numbers as numbers and times as in the other stores, with what was read', async () => {
  const { asked, question } = await startTimestream([
    page([], 10, 40, 'a'),
    page([row('cyl-1', '2026-01-05 01:00:00.000000000', '3600', 'true')], 20, 90, 'b'),
    page(
      [row('cyl-2', '2026-01-05 01:00:00.120000000', null, 'false'), row(null, null, null, null)],
      30,
      100,
    ),
  ]);
  const read: unknown[] = [];
  const rows = await Array.fromAsync(
    askTimestream({ ...question, onProgress: (...told) => read.push(told) }, 'SELECT 1'),
  );
  assert.deepEqual(rows, [
    { cylinder: 'cyl-1', hour: '2026-01-05 01:00:00', samples: 3600, is_open: true },
    { cylinder: 'cyl-2', hour: '2026-01-05 01:00:00.12', samples: null, is_open: false },
    { cylinder: null, hour: null, samples: null, is_open: null },
  ]);
  assert.deepEqual(read, [
    [10, 40],
    [20, 90],
    [30, 100],
  ]);
  assert.deepEqual(asked.slice(1), [
    ['Query', { QueryString: 'SELECT 1' }],
    ['Query', { QueryString: 'SELECT 1', NextToken: 'a' }],
    ['Query', { QueryString: 'SELECT 1', NextToken: 'b' }],
  ]);
});

test('a query that reads more than is allowed, or that nobody reads on, is cancelled on Timestream', async () => {
  const large = await startTimestream([page([], 5000, 10, 'a')]);
  await assert.rejects(
    Array.fromAsync(askTimestream({ ...large.question, maxScan: 1000 }, 'SELECT 1')),
    /stopped: it had read 5000 bytes/,
  );
  assert.deepEqual(large.asked.at(-1), ['CancelQuery', { QueryId: 'Q1' }]);

  const left = await startTimestream([page([row('a', null, '1', null)], 1, 10, 'a')]);
  for await (const first of askTimestream(left.question, 'SELECT 1')) {
    assert.equal(first.cylinder, 'a');
    break;
  }
  assert.equal(operations(left.asked).at(-1), 'CancelQuery');

  const stopped = await startTimestream([page([row('a', null, '1', null)], 1, 10, 'a')]);
  const stopping = new AbortController();
  await assert.rejects(async () => {
    for await (const _ of askTimestream({ ...stopped.question, signal: stopping.signal }, 'SELECT 1'))
      stopping.abort();
  }, /abort/i);
  assert.equal(operations(stopped.asked).at(-1), 'CancelQuery');
});

test('a query that is answered to its end is not cancelled', async () => {
  const { asked, question } = await startTimestream([page([], 1, 50, 'a'), page([], 2, 100)]);
  assert.deepEqual(await Array.fromAsync(askTimestream(question, 'SELECT 1')), []);
  assert.deepEqual(operations(asked), ['DescribeEndpoints', 'Query', 'Query']);
});

test('what Timestream refuses is an error with its reason, and whether it is for want of rights', async () => {
  const refused = await startTimestream([
    { error: 'ValidationException', fields: { Message: 'line 1:8: Column "x" does not exist' } },
  ]);
  await assert.rejects(Array.fromAsync(askTimestream(refused.question, 'SELECT x')), {
    code: 'poison',
    message: 'Timestream: line 1:8: Column "x" does not exist',
  });
  const denied = await startTimestream([
    { error: 'AccessDeniedException', fields: { message: 'not authorized to perform: timestream:Select' } },
  ]);
  await assert.rejects(Array.fromAsync(askTimestream(denied.question, 'SELECT x')), { code: 'denied' });
});

test('a Timestream that is not there is an error that says so', async () => {
  const { question } = await startTimestream([]);
  await assert.rejects(
    Array.fromAsync(askTimestream({ ...question, endpoint: 'http://127.0.0.1:9' }, 'SELECT 1')),
    /Timestream could not be asked/,
  );
});
