import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../aws/start-server.ts';
import { dynamoService } from '../event-source/dynamo-service.ts';
import { BLANK } from '../event-source/tape.ts';

const SCRIPT = join(import.meta.dirname, 'main.ts');
const event = (name: string): string => join(import.meta.dirname, `../fixture/events/${name}.json`);

type Ended = Readonly<{ code: unknown; out: string; errors: string }>;

const invoke = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Promise<Ended>((resolve) => {
    const clean = { PATH: process.env.PATH, ...env };
    execFile(process.execPath, [SCRIPT, ...args], { env: clean }, (error, out, errors) =>
      resolve({ code: error?.code ?? 0, out, errors }),
    );
  });

test('a captured batch is stored, and what was not understood is shown with its text', async () => {
  const { code, out, errors } = await invoke(['store', event('inference-batch')]);
  assert.deepEqual([code, errors], [0, '']);
  assert.match(out, /── store answers .*inference-batch\.json\n\{ stored: 1, repeated: 0, quarantined: 2/);
  assert.match(out, /── samples\n\[\n.*cylinder: 'cyl-07'/s);
  assert.match(out, /body: 'written by somebody else'/);
});

test('several events are given to the same function one after another; its record is shown unpacked', async () => {
  const { code, out } = await invoke(['watch', event('rule-message'), event('rule-message')]);
  assert.equal(code, 0);
  assert.equal(out.match(/── watch answers/g)?.length, 2);
  assert.match(out, /pk: 'C#cyl-07'.*condition: 'NORMAL'/s);
});

test('changes of the ledger are told of a ledger that holds them', async () => {
  const { code, out } = await invoke(['notify', event('ledger-changes')]);
  assert.equal(code, 0);
  assert.match(out, /── notices\n\[\n.*id: 'c1@1700000002000#1'/s);
});

test('with AWS_ENDPOINT_URL the function goes there', async () => {
  const { answer, table } = dynamoService({ now: Date.now, tape: BLANK, onRecords: () => undefined });
  const server = await startServer((request) => Promise.resolve(answer(request)));
  const { code, errors } = await invoke(['watch', event('rule-message')], {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    LEDGER_TABLE: 'ledger',
    DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:1/000000000000/dead-letters',
    POLICY: '{}',
  });
  await server.close();
  assert.deepEqual([code, errors], [0, '']);
  assert.deepEqual(new Set(table.items().map(({ pk }) => pk?.S)), new Set(['C#cyl-07', 'G#line-3']));
});

test('a function that fails ends it with 1, and a call that makes no sense with 2 and the usage', async () => {
  const sweep = ['sweep', event('scheduled-sweep')];
  const failed = await invoke(sweep, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'eu-west-1' });
  assert.equal(failed.code, 1);
  assert.match(failed.errors, /LEDGER_TABLE/);
  const absent = await invoke(['watch', 'absent.json']);
  assert.deepEqual([absent.code, /^absent\.json holds no event: .*\n$/.test(absent.errors)], [1, true]);
  const wrong = await invoke(['wash', event('rule-message')]);
  assert.deepEqual([wrong.code, /^usage: npm run invoke/.test(wrong.errors)], [2, true]);
});
