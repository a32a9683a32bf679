import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTimestreamSamples } from '../../../aws/timestream/read-samples.ts';

type Asked = Readonly<{
  target: string;
  signature: string;
  body: { QueryString?: string; NextToken?: string };
}>;

const asked: Asked[] = [];
let isDown = false;
const row = (...values: readonly (string | null)[]) => ({
  Data: values.map((value) => (value === null ? { NullValue: true } : { ScalarValue: value })),
});
const PAGES = [
  { Rows: [row('1000', 'line-1', 'b', 'm', '7', '0.25', '48', null, '1', '2', '3', '4')], NextToken: 'more' },
  { Rows: [row('2000', 'line-1', null, null, null, '0.75', '49', '1', '1', '2', '3', '4')] },
];
const server = createServer(async (request, response) => {
  const body = JSON.parse(await text(request));
  const target = String(request.headers['x-amz-target']).replace('Timestream_20181101.', '');
  asked.push({ target, signature: request.headers.authorization ?? '', body });
  if (isDown) response.writeHead(500).end('{}');
  else if (target === 'Query') response.end(JSON.stringify(PAGES[body.NextToken === undefined ? 0 : 1]));
  else response.end(JSON.stringify({ Endpoints: [{ Address: 'localhost', CachePeriodInMinutes: 1 }] }));
});
await new Promise<void>((resolve) => server.listen(0, resolve));
after(() => server.close());
const address = server.address();

const openSamples = () => {
  asked.length = 0;
  return createTimestreamSamples({
    client: new DynamoDBClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    }),
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    database: 'plant',
    table: 'samples',
  });
};

test('samples are all pages of a query, asked where the service says, signed for it', async () => {
  const samples = await openSamples()('cyl-01', 0, 3_600_000);
  assert.deepEqual(
    samples.map(({ t, probability, values, seq }) => [t, probability, values, seq]),
    [
      [1000, 0.25, [48, null, 1, 2, 3, 4], 7],
      [2000, 0.75, [49, 1, 1, 2, 3, 4], null],
    ],
  );
  assert.deepEqual(
    asked.map(({ target, body }) => [target, body.NextToken]),
    [
      ['DescribeEndpoints', undefined],
      ['Query', undefined],
      ['Query', 'more'],
    ],
  );
  assert.match(asked[1]?.signature ?? '', /eu-central-1\/timestream\/aws4_request/);
  assert.match(
    asked[1]?.body.QueryString ?? '',
    /^SELECT to_milliseconds\(time\), .* FROM "plant"\."samples" WHERE measure_name = 'sample' AND cylinder = 'cyl-01' AND time BETWEEN from_milliseconds\(0\) AND from_milliseconds\(3600000\) ORDER BY time$/,
  );
});

test('a name is text in a query, whatever is in it', async () => {
  await openSamples()("x' OR '1'='1", 0, 1);
  assert.match(asked[1]?.body.QueryString ?? '', /cylinder = 'x'' OR ''1''=''1' AND/);
});

test('whoever asks again within a minute costs no query, and a failure is not kept', async () => {
  const read = openSamples();
  await Promise.all([read('a', 0, 3_600_000), read('a', 15_000, 3_615_000)]);
  assert.equal(asked.length, 3);
  await read('a', 60_000, 3_660_000);
  await read('b', 60_000, 3_660_000);
  assert.equal(asked.length, 9);
  isDown = true;
  await assert.rejects(read('c', 0, 1), /DescribeEndpoints was answered with 500/);
  isDown = false;
  assert.equal((await read('c', 0, 1)).length, 2);
});
