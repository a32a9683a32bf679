import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, describe, test } from 'node:test';
import { runSentinel, SOMEBODY } from '../run-sentinel.ts';
import { startAwsServer } from './aws-server.ts';
import { fixtureText, STACK } from './fixture.ts';

const aws = await startAwsServer();
after(() => aws.close());
afterEach(() => {
  aws.letters.length = 0;
  aws.calls.length = 0;
  aws.objects.clear();
  aws.control.function = () => ({ answer: {} });
});

const where = ['--region', 'eu-central-1', '--endpoint', aws.endpoint] as const;
const redrive = (...args: readonly string[]) => runSentinel(['redrive', ...where, ...args]);

describe('sentinel redrive', { timeout: 300_000 }, () => {
  test('puts back letters and batches of the stage, says so, and leaves the quarantine alone', async () => {
    aws.send('a', fixtureText('async-record'));
    aws.objects.set('/failed/aws/lambda/1/2/3', Buffer.from(fixtureText('failed-dynamodb-batch')));
    aws.objects.set('/quarantine/quarantine/2025/x.json', Buffer.from('{}'));
    assert.deepEqual(await redrive('--stage', 'dev'), {
      code: 0,
      out: [
        `put back: dead letter a: call of ${STACK}-store (RetriesExhausted)`,
        `put back: s3://failed/aws/lambda/1/2/3: batch of 1 of ${STACK}-twin (RetryAttemptsExhausted)`,
        '2 put back, 0 left',
      ].join('\n'),
      errors: '',
    });
    assert.deepEqual([aws.letters, [...aws.objects.keys()]], [[], ['/quarantine/quarantine/2025/x.json']]);
  });

  test('ends with 1 where something is left, and says why', async () => {
    aws.send('a', 'x');
    aws.objects.set('/quarantine/quarantine/2025/x.json', Buffer.from('{}'));
    const { code, out } = await redrive('--stack', STACK, '--from', 'all');
    assert.deepEqual(
      [code, out.split('\n').at(-1)],
      [1, '0 put back, 2 left (1 is not JSON; 1 is no message in quarantine)'],
    );
  });

  test('a dry run changes nothing', async () => {
    aws.send('a', fixtureText('rule-error'));
    const { code, out } = await redrive('--dry-run', '--limit', '5', '--from', 'dead-letters');
    assert.deepEqual([code, out.split('\n').at(-1)], [0, '1 would be put back, 0 would stay']);
    assert.deepEqual([aws.calls, aws.letters.map(({ hidden }) => hidden)], [[], [false]]);
  });

  test('a stack that is not there is an error that says so', async () => {
    assert.deepEqual(await redrive('--stage', 'prod'), {
      code: 2,
      out: '',
      errors:
        'sentinel: there is no stack cylinder-sentinel-prod here: name another with --stage, --stack or --region',
    });
  });

  test('a place that is none is refused before anything is asked', async () => {
    const { code, errors } = await redrive('--from', 'nowhere');
    assert.equal(code, 2);
    assert.match(errors, /nowhere.*dead-letters, failed-batches, quarantine, all/);
  });

  test('Ctrl-C ends it after the letters at hand, with all others to be seen in the queue', async () => {
    for (let number = 0; number < 15; number += 1) aws.send(`${number}`, fixtureText('async-record'));
    const script = join(import.meta.dirname, '../../../cli/sentinel.ts');
    const env = { PATH: process.env.PATH, ...SOMEBODY };
    const child = spawn(process.execPath, [script, 'redrive', ...where, '--at-once', '3'], { env });
    aws.control.function = () => {
      // The signal is there before the answer is.
      if (aws.calls.length === 1) child.kill('SIGINT');
      return { answer: {} };
    };
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    assert.equal(code, 1);
    const called = aws.calls.length;
    assert.ok(called < 10);
    assert.ok(out.endsWith(`\n${called} put back, 0 left; stopped, the rest is where it was\n`), out);
    assert.deepEqual([aws.letters.length, aws.letters.some(({ hidden }) => hidden)], [15 - called, false]);
  });
});
