import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { answerQuestions, type QueryRow } from '../../../local/telemetry/query-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { sample } from '../../fixture/stored-sample.ts';
import { startSentinel } from '../run/start-sentinel.ts';

const folder = scratchFolder();

const inStore =
  (use: (telemetry: DuckDbTelemetry, ask: ReturnType<typeof answerQuestions>) => Promise<void>) =>
  async (t: { name: string }) => {
    const path = join(folder, `${t.name.replaceAll(/\W/g, '-').slice(0, 40)}.duckdb`);
    const telemetry = await openDuckDbTelemetry({ path });
    await telemetry.write(
      Array.from({ length: 5_000 }, (_, seq) => sample({ seq, t: 1_763_800_000_000 + seq * 1000 })),
    );
    await use(telemetry, answerQuestions(telemetry));
    await telemetry.close();
  };

const all = async (answer: AsyncIterable<readonly QueryRow[]>): Promise<readonly QueryRow[]> =>
  (await Array.fromAsync(answer)).flat();

const ENDLESS = 'SELECT count(*) FROM range(10000000) a, range(10000000) b';

test(
  'an answer comes in pieces, all of it',
  inStore(async (_, ask) => {
    const rows = await all(ask({ sql: 'SELECT seq FROM samples ORDER BY seq', timeoutMs: 10_000 }));
    assert.deepEqual(
      rows.map(({ seq }) => Number(seq)),
      Array.from({ length: 5_000 }, (__, seq) => seq),
    );
  }),
);

const out = join(folder, 'out.csv');
for (const [what, sql] of [
  ['deleting', 'DELETE FROM samples'],
  ['making a table', 'CREATE TABLE mine AS SELECT 1'],
  ['deleting while it is explained', 'EXPLAIN ANALYZE DELETE FROM samples'],
  ['writing a file', `COPY samples TO '${out}'`],
  ['a setting', "SET memory_limit = '1MB'"],
  ['a second statement', 'SELECT 1; DELETE FROM samples'],
  ['ending the transaction', 'COMMIT'],
  ['bad SQL', 'SELEKT'],
] as const) {
  test(
    `${what} is refused in one line`,
    inStore(async (telemetry, ask) => {
      await assert.rejects(all(ask({ sql, timeoutMs: 10_000 })), /^LocalError: [^\n]+$/);
      assert.equal(existsSync(out), false);
      assert.deepEqual(await telemetry.query('SELECT count(*) AS n FROM samples'), [{ n: 5_000n }]);
    }),
  );
}

test(
  'what takes too long is given up, whether it is found or not read, and the next question is answered',
  inStore(async (telemetry, ask) => {
    await assert.rejects(all(ask({ sql: ENDLESS, timeoutMs: 200 })), /no answer within 0.2 s: ask for fewer/);
    const unread = ask({ sql: 'SELECT s.* FROM samples s, range(1000)', timeoutMs: 8_000 });
    await unread.next();
    assert.equal((await telemetry.write([sample({ seq: 9_999 })])).stored, 1);
    const [row] = await all(ask({ sql: 'SELECT count(*) AS n FROM samples', timeoutMs: 10_000 }));
    assert.deepEqual(row, { n: '5001' });
    await assert.rejects(unread.next(), /no answer within/);
  }),
);

test(
  'whoever goes away ends their question',
  inStore(async (_, ask) => {
    for await (const rows of ask({ sql: 'SELECT s.* FROM samples s, range(100000)', timeoutMs: 600_000 })) {
      assert.ok(rows.length > 0);
      break;
    }
    assert.equal((await all(ask({ sql: 'SELECT 1', timeoutMs: 10_000 }))).length, 1);
  }),
);

test(
  'a question that takes all the memory fails no write',
  inStore(async (telemetry, ask) => {
    const greedy = all(
      ask({
        sql: 'SELECT list(a.range + b.range) AS l FROM range(100000) a, range(1000) b',
        timeoutMs: 60_000,
      }),
    ).catch((error: unknown) => error);
    for (let seq = 10_000; seq < 60_000; seq += 5_000) {
      const samples = Array.from({ length: 5_000 }, (_, index) => sample({ seq: seq + index }));
      assert.equal((await telemetry.write(samples)).stored, 5_000);
    }
    assert.match(String(await greedy), /LocalError: .*(Out of Memory|failed to|INTERRUPT)/i);
  }),
);

test('sentinel query asks the pipeline that runs on the folder, and the file where none does', async () => {
  const data = join(folder, 'data');
  const query = () => startSentinel(['query', '--data', data, 'SELECT count(*) AS n FROM samples']);
  using sentinel = startSentinel(['run', '--source', 'none', '--data', data, '--mqtt-port', '0']);
  assert.ok((await sentinel.port) !== null);
  using running = query();
  assert.deepEqual((await running.ended).lines, ['n', '0']);
  sentinel.child.kill('SIGINT');
  assert.equal((await sentinel.ended).code, 0);
  using stopped = query();
  assert.deepEqual((await stopped.ended).lines, ['n', '0']);
});

test('Ctrl-C ends a question in the pipeline that answers it, which then answers the next', {
  timeout: 120_000,
}, async () => {
  const data = join(folder, 'stopped');
  using sentinel = startSentinel(['run', '--source', 'none', '--data', data, '--mqtt-port', '0']);
  assert.ok((await sentinel.port) !== null);
  const begun = Promise.withResolvers<void>();
  const ask = (...args: readonly string[]) => ['query', '--data', data, '--timeout', '1h', ...args];
  using endless = startSentinel(
    ask('--sql', 'SELECT a.range AS n FROM range(100000000) a, range(100000000) b'),
    {
      onLine: () => begun.resolve(),
    },
  );
  await begun.promise;
  // One question at a time is answered: this one waits for the other to end.
  using next = startSentinel(ask('--sql', 'SELECT 42 AS n'));
  endless.child.kill('SIGINT');
  const { code, signal } = await endless.ended;
  assert.ok(code !== 0 || signal === 'SIGINT');
  assert.deepEqual((await next.ended).lines, ['n', '42']);
  sentinel.child.kill('SIGINT');
  assert.equal((await sentinel.ended).code, 0);
});
