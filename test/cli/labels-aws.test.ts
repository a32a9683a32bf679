import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SENSORS } from '../../domain/message/sample.ts';
import { type Answer, startServer } from '../aws/start-server.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { runSentinel } from './run-sentinel.ts';

const START_MS = Date.UTC(2026, 0, 5);
const MINUTE_MS = 60_000;
const STACK = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>cylinder-sentinel-dev</StackName><Outputs><member><OutputKey>TelemetryDatabaseName</OutputKey>
<OutputValue>plant</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

type Cell = string | number | null;

/** A page of Timestream with all rows. https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html */
const page = (columns: readonly string[], rows: readonly (readonly Cell[])[]): object => ({
  QueryId: 'Q1',
  Rows: rows.map((cells) => ({
    Data: cells.map((cell) => (cell === null ? { NullValue: true } : { ScalarValue: String(cell) })),
  })),
  ColumnInfo: columns.map((Name) => ({
    Name,
    Type: { ScalarType: ['id', 'cylinder', 'outcome'].includes(Name) ? 'VARCHAR' : 'BIGINT' },
  })),
  QueryStatus: { CumulativeBytesScanned: 1000, ProgressPercentage: 100 },
});

/** An hour of one cylinder, a sample a minute, with a fault from minute 20 to 40; the current is missing in the first. */
const answerTo = (sql: string): object => {
  if (sql.includes('DISTINCT cylinder')) return page(['cylinder'], [['cyl-01']]);
  if (sql.includes('"incidents"'))
    return page(
      ['id', 'cylinder', 'began_at', 'cleared_at', 'closed_at', 'outcome'],
      [
        [
          'a',
          'cyl-01',
          START_MS + 20 * MINUTE_MS,
          START_MS + 38 * MINUTE_MS,
          START_MS + 40 * MINUTE_MS,
          'fault',
        ],
        ['b', 'cyl-01', START_MS + 50 * MINUTE_MS, START_MS + 52 * MINUTE_MS, null, null],
      ],
    );
  return page(
    ['cylinder', 't', 'probability', 'received_at', ...SENSORS],
    Array.from({ length: 60 }, (_, minute) => {
      const t = START_MS + minute * MINUTE_MS;
      return ['cyl-01', t, 0.5, t + 500, 46, 2, 1.8, minute === 0 ? null : 3.2, 40, 1180];
    }),
  );
};

test('labels are read from Timestream, where the stack stores there', async () => {
  const asked: string[] = [];
  const json = (value: object): Answer => ({ status: 200, body: JSON.stringify(value) });
  const { endpoint, close } = await startServer(({ headers, body }) => {
    const target = String(headers['x-amz-target'] ?? '').replace('Timestream_20181101.', '');
    if (target === '') return { status: 200, headers: { 'content-type': 'text/xml' }, body: STACK };
    if (target === 'DescribeEndpoints') return json({ Endpoints: [{ Address: '127.0.0.1' }] });
    const { QueryString } = JSON.parse(body.toString());
    asked.push(QueryString);
    return json(answerTo(QueryString));
  });
  const out = join(scratchFolder(), 'set');
  try {
    const { code, errors } = await runSentinel([
      ...['labels', '--aws', '--endpoint', endpoint, '--out', out, '--margin', '0s'],
      ...['--from', '2026-01-05', '--cylinder', 'cyl-01'],
    ]);
    assert.equal(code, 0, errors);
  } finally {
    await close();
  }
  const rows = readFileSync(join(out, 'recordings/cyl-01.csv'), 'utf8').trim().split('\n').slice(1);
  assert.equal(rows[0], `${START_MS},cyl-01,46,2,1.8,,40,1180,0`);
  const labels = rows.map((row) => row.split(',').at(-1));
  const counted = (label: string): number => labels.filter((its) => its === label).length;
  assert.deepEqual([counted('1'), counted('0'), counted('')], [20, 38, 2]);
  assert.equal(asked.length, 3);
  for (const sql of asked) {
    assert.match(sql, /FROM "plant"\."(samples|incidents)"/);
    assert.match(sql, /time >= from_milliseconds\(1767571200000\) AND time < from_milliseconds\(\d{13}\)/);
    assert.match(sql, /\('cyl-01' IS NULL OR cylinder = 'cyl-01'\)/);
  }
});
