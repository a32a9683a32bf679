import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, test } from 'node:test';
import { type Answer, startServer } from '../aws/start-server.ts';
import { runSentinel, SOMEBODY } from './run-sentinel.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const STACK = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>cylinder-sentinel-dev</StackName><Outputs><member><OutputKey>TelemetryDatabaseName</OutputKey>
<OutputValue>plant "x"</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const PAGE = {
  QueryId: 'Q1',
  Rows: [{ Data: [{ ScalarValue: 'cyl-07' }, { ScalarValue: '12' }] }],
  ColumnInfo: [
    { Name: 'cylinder', Type: { ScalarType: 'VARCHAR' } },
    { Name: 'n', Type: { ScalarType: 'BIGINT' } },
  ],
  QueryStatus: { CumulativeBytesScanned: 2_500_000, ProgressPercentage: 50 },
};

/** An AWS with a stack that stores in Timestream; a second page is asked for in vain until the query is cancelled. */
const startAws = async (more: object = {}) => {
  const asked: string[] = [];
  const secondPage = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const json = (value: object): Answer => ({ status: 200, body: JSON.stringify(value) });
  const { endpoint, close } = await startServer(async ({ headers, body }) => {
    const target = String(headers['x-amz-target'] ?? '').replace('Timestream_20181101.', '');
    if (target === '') return { status: 200, headers: { 'content-type': 'text/xml' }, body: STACK };
    if (target === 'DescribeEndpoints') return json({ Endpoints: [{ Address: '127.0.0.1' }] });
    const input = body.toString();
    asked.push(target === 'Query' ? input : target);
    if (target === 'CancelQuery') {
      cancelled.resolve();
      return json({});
    }
    if (!input.includes('NextToken')) return json({ ...PAGE, ...more });
    secondPage.resolve();
    await cancelled.promise;
    return json({ ...PAGE, Rows: [] });
  });
  ends.push(close);
  return { asked, endpoint, secondPage: secondPage.promise };
};

const AT = ['--from', '2026-01-05', '--to', '2026-01-12'];

test('a saved query is asked of Timestream where the stack stores there, with the name of its database', async () => {
  const { asked, endpoint } = await startAws();
  const { code, out, errors } = await runSentinel([
    'query',
    'worst-actors',
    '--aws',
    '--endpoint',
    endpoint,
    ...AT,
    '--cylinder',
    'cyl-07',
    '--format',
    'json',
  ]);
  assert.deepEqual([code, out], [0, '{"cylinder":"cyl-07","n":12}'], errors);
  assert.match(errors, /Timestream read 2\.5 MB/);
  const { QueryString } = JSON.parse(asked[0] ?? '{}');
  assert.match(QueryString, /FROM "plant ""x"""\."incidents"/);
  assert.match(QueryString, /cylinder = 'cyl-07'/);
});

test('more than --max-scan ends in an error and a cancelled query', async () => {
  const { asked, endpoint } = await startAws({ NextToken: 'more' });
  const ended = await runSentinel([
    'query',
    'worst-actors',
    '--aws',
    '--endpoint',
    endpoint,
    ...AT,
    '--max-scan',
    '1MB',
  ]);
  assert.equal(ended.code, 1);
  assert.match(ended.errors, /stopped: it had read 2500000 bytes/);
  assert.equal(asked.at(-1), 'CancelQuery');
});

test('Ctrl-C ends the query on Timestream as well', { skip: process.platform === 'win32' }, async () => {
  const { asked, endpoint, secondPage } = await startAws({ NextToken: 'more' });
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../cli/sentinel.ts'),
      'query',
      '--sql',
      'SELECT 1',
      '--aws',
      '--endpoint',
      endpoint,
    ],
    { env: { ...process.env, ...SOMEBODY, AWS_REGION: 'eu-central-1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const errors = text(child.stderr);
  await secondPage;
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.notEqual(code, 0);
  assert.equal(asked.at(-1), 'CancelQuery', await errors);
});
