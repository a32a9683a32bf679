import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLedger } from '../../aws/dynamodb/ledger.ts';
import { createDynamoNotificationLog } from '../../aws/dynamodb/notification-log.ts';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../local/ledger/sqlite-ledger.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import { clientSettings, startServer } from '../aws/start-server.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { dynamoService } from '../event-source/dynamo-service.ts';
import { BLANK } from '../event-source/tape.ts';
import { START_MS } from '../fixture/alarm-words.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';
import { runSentinel } from './run-sentinel.ts';

const folder = scratchFolder();

/** Cylinder c, abnormal, and d, well, by one gateway. */
const foldLine = (ledger: Ledger): Promise<void> =>
  evaluateSamples({ ledger, policies: SHORT_BOOK })([messageOf('c', 'AAAA'), messageOf('d', 'nnnn')]);

const show = (...args: readonly string[]) => runSentinel(['ledger', 'show', ...args]);

const RAISED = [
  /^cylinder c, version 1, in /,
  /^ {2}condition +ACTIVE$/m,
  /^ {2}incident +c@1700000002000, advisory, open, began .*, raised .*, 1 notice, not acknowledged$/m,
  /^ {2}people know of +c@1700000002000, advisory, 0 reminders/m,
  /^ {2}last heard +2023-11-14 22:13:23Z by gateway g$/m,
  /^ {2}last sample +2023-11-14 22:13:23Z, probability 0\.9, boot b1, number 3, model m@1$/m,
  /^ {2}due +since 2023-11-14 22:13:\d\dZ, for .*: the next sweep takes it$/m,
];

const matchAll = (text: string, patterns: readonly RegExp[]): void => {
  for (const pattern of patterns) assert.match(text, pattern);
};

test('what a data folder holds of a cylinder, and what has yet to go out', { timeout: 300_000 }, async () => {
  const data = join(folder, 'stopped');
  mkdirSync(data);
  const database = openLedgerDatabase({ path: join(data, 'ledger.sqlite') });
  await foldLine(createSqliteLedger({ database }));
  database.close();

  const { code, out } = await show('--cylinder', 'c', '--data', data);
  assert.equal(code, 0);
  matchAll(out, [
    ...RAISED,
    /^ {2}outgoing +transition condition: waits for the relay$/m,
    /notice c@1700000002000#1 RAISED: waits for the relay$/m,
    /twin of version 1: waits for the relay$/m,
  ]);
  const { version, record, outgoing } = JSON.parse(
    (await show('--cylinder', 'd', '--data', data, '--json')).out,
  );
  assert.deepEqual([version, record.alarm.condition, outgoing.length], [1, 'NORMAL', 1]);
  const gateway = await show('--gateway', 'g', '--data', data);
  matchAll(gateway.out, [
    /^gateway g, version 1, in /,
    /^ {2}told as OFFLINE +no$/m,
    /^ {2}outgoing +nothing$/m,
  ]);
});

test('the ledger of an older program is shown as today, and left as it is', {
  timeout: 300_000,
}, async () => {
  const data = join(folder, 'older');
  mkdirSync(data);
  const path = join(data, 'ledger.sqlite');
  const before = gunzipSync(readFileSync(new URL('../fixture/records/ledger-v0.sqlite.gz', import.meta.url)));
  writeFileSync(path, before);
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare("SELECT name FROM records WHERE kind = 'cylinder' LIMIT 1").get();
  database.close();
  const { code, out, errors } = await show('--cylinder', String(row?.name), '--data', data);
  assert.equal(code, 0, errors);
  matchAll(out, [/^ {2}condition +[A-Z]+/m, /^ {2}due /m]);
  assert.deepEqual(readFileSync(path), before);
});

test('a ledger in use is one line that says what to do; a copy of it can be looked at', {
  timeout: 300_000,
}, async () => {
  const data = join(folder, 'running');
  mkdirSync(data);
  const database = openLedgerDatabase({ path: join(data, 'ledger.sqlite') });
  await foldLine(createSqliteLedger({ database }));
  assert.deepEqual(await show('--cylinder', 'c', '--data', data), {
    code: 1,
    out: '',
    errors: `sentinel: The ledger ${join(data, 'ledger.sqlite')} is in use by a pipeline that runs: stop it, or look at a copy (sentinel backup makes one while it runs).`,
  });
  const copy = join(folder, 'copy');
  cpSync(data, copy, { recursive: true });
  matchAll((await show('--cylinder', 'c', '--data', copy)).out, RAISED);
  database.close();
});

const dynamo = dynamoService({ now: Date.now, tape: BLANK, onRecords: () => undefined });
const server = await startServer((request) => dynamo.answer(request));
after(() => server.close());

test('what the ledger on AWS holds of a cylinder, and how far its notices got', {
  timeout: 300_000,
}, async () => {
  const client = new DynamoDBClient(clientSettings(server.endpoint));
  await foldLine(createDynamoLedger({ client, table: 'ledger', now: () => START_MS }));
  const where = ['--endpoint', server.endpoint, '--table', 'ledger'];
  const before = await show('--cylinder', 'c', ...where);
  assert.equal(before.code, 0, before.errors);
  matchAll(before.out, [
    ...RAISED,
    /^ {2}outgoing +notice c@1700000002000#1 RAISED: waits since 2023-11-14 22:13:20Z$/m,
  ]);

  const log = createDynamoNotificationLog({ client, table: 'ledger' });
  const subject = { kind: 'cylinder', name: 'c' } as const;
  await log.claim(subject, 'c@1700000002000#1', START_MS);
  const claimed = await show('--cylinder', 'c', ...where);
  assert.match(claimed.out, /RAISED: waits since .*, claimed until 2023-11-14 22:15:20Z$/m);
  await log.notified(subject, 'c@1700000002000#1', START_MS + 5000);
  const told = await show('--cylinder', 'c', ...where);
  assert.match(told.out, /RAISED: told 2023-11-14 22:13:25Z$/m);
  client.destroy();
});

test('what cannot be shown is said in one line', { timeout: 300_000 }, async () => {
  const where = ['--endpoint', server.endpoint, '--table', 'ledger'];
  const asked = await Promise.all([
    show('--cylinder', 'c', '--data', join(folder, 'nowhere')),
    show('--cylinder', 'nobody', ...where),
    show(),
    show('--cylinder', 'c', '--gateway', 'g'),
    show('--cylinder', 'c', '--table', 'ledger', '--endpoint', 'http://127.0.0.1:9'),
  ]);
  const expected: readonly (readonly [number, RegExp])[] = [
    [1, /^sentinel: there is no ledger at .*nowhere.*: name the data folder with --data$/],
    [2, /^sentinel: the ledger knows no cylinder nobody: it appears with its first message$/],
    [2, /^sentinel: say of whom: --cylinder <name> or --gateway <name>$/],
    [2, /cannot be used with/],
    [1, /^sentinel: the ledger ledger could not be read: nobody answers/],
  ];
  for (const [index, { code, errors }] of asked.entries()) {
    const [expectedCode, line] = expected[index] ?? [];
    assert.equal(code, expectedCode, errors);
    assert.match(errors, line ?? /^$/);
  }
});
