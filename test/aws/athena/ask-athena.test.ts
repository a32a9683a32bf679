import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { AthenaClient } from '@aws-sdk/client-athena';
import { askAthena } from '../../../aws/athena/ask-athena.ts';
import { clientSettings } from '../start-server.ts';
import { startAwsJson } from '../telemetry/aws-json.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

type Execution = Readonly<{ State: string; scanned: number; reason?: string }>;

/** An Athena that goes through states, the last for ever, and keeps what it was asked to do. */
const startAthena = async (executions: readonly Execution[]) => {
  const asked: string[] = [];
  let looks = 0;
  const server = await startAwsJson((operation) => {
    asked.push(operation);
    if (operation === 'StartQueryExecution') return { result: { QueryExecutionId: 'q1' } };
    if (operation === 'GetQueryExecution') {
      const { State, scanned, reason } = executions[Math.min(looks, executions.length - 1)] ?? {
        State: 'FAILED',
        scanned: 0,
      };
      looks += 1;
      return {
        result: {
          QueryExecution: {
            Status: { State, StateChangeReason: reason },
            Statistics: { DataScannedInBytes: scanned },
          },
        },
      };
    }
    if (operation === 'StopQueryExecution') return { result: {} };
    const text = (...cells: readonly (string | undefined)[]) => ({
      Data: cells.map((cell) => (cell === undefined ? {} : { VarCharValue: cell })),
    });
    return {
      result: {
        ResultSet: {
          ResultSetMetadata: {
            ColumnInfo: [
              { Name: 'cylinder', Type: 'varchar' },
              { Name: 'n', Type: 'bigint' },
              { Name: 'why', Type: 'array' },
              { Name: 'at', Type: 'timestamp' },
            ],
          },
          Rows: [
            text('cylinder', 'n', 'why', 'at'),
            text('[1] "a"', '12', '[0.5, 2.0]', '2026-01-05 01:00:00.000'),
            text('cyl-2', undefined, undefined, '2026-01-05 01:00:00.120'),
          ],
        },
      },
    };
  });
  const client = new AthenaClient(clientSettings(server.endpoint, 1));
  ends.push(() => {
    client.destroy();
    return server.close();
  });
  return {
    asked,
    question: { client, database: 'lake', workgroup: 'people' },
  };
};

test('rows come by name, numbers as numbers and arrays as arrays and times as in the other stores, with what was read', async () => {
  const { question } = await startAthena([
    { State: 'RUNNING', scanned: 10 },
    { State: 'SUCCEEDED', scanned: 99 },
  ]);
  const scanned: number[] = [];
  const rows = await Array.fromAsync(
    askAthena({ ...question, onScanned: (bytes) => scanned.push(bytes) }, 'SELECT 1'),
  );
  assert.deepEqual(rows, [
    { cylinder: '[1] "a"', n: 12, why: [0.5, 2], at: '2026-01-05 01:00:00' },
    { cylinder: 'cyl-2', n: null, why: null, at: '2026-01-05 01:00:00.12' },
  ]);
  assert.deepEqual(scanned, [10, 99]);
});

test('a query that reads more than is allowed, or that nobody waits for, is stopped on Athena', async () => {
  const running = { State: 'RUNNING', scanned: 5000 };
  const large = await startAthena([running]);
  await assert.rejects(
    Array.fromAsync(askAthena({ ...large.question, maxScan: 1000 }, 'SELECT 1')),
    /stopped: it had read 5000 bytes/,
  );
  assert.equal(large.asked.at(-1), 'StopQueryExecution');

  const left = await startAthena([running]);
  await assert.rejects(
    Array.fromAsync(askAthena({ ...left.question, signal: AbortSignal.abort() }, 'SELECT 1')),
    /abort/i,
  );
  assert.equal(left.asked.at(-1), 'StopQueryExecution');
});

test('what Athena refuses is an error with its reason', async () => {
  const { question } = await startAthena([
    { State: 'FAILED', scanned: 0, reason: 'COLUMN_NOT_FOUND: line 1:8' },
  ]);
  await assert.rejects(Array.fromAsync(askAthena(question, 'SELECT x')), /Athena: COLUMN_NOT_FOUND/);
});
