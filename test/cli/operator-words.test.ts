import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSentinel } from './run-sentinel.ts';

const SHELVE = ['shelve', '--cylinder', 'c', '--until', '1h'];

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ['nobody', [...SHELVE, '--reason', 'x', '--by', ' '], '--by must say who'],
  [
    'a long name',
    [...SHELVE, '--reason', 'x', '--by', 'x'.repeat(121)],
    '--by may have at most 120 characters, and has 121',
  ],
  [
    'a name on two lines',
    [...SHELVE, '--reason', 'x', '--by', 'ana\nbo'],
    '--by must be on one line, without control characters',
  ],
  [
    'a long reason',
    [...SHELVE, '--reason', 'x'.repeat(10_000)],
    '--reason may have at most 500 characters, and has 10000',
  ],
  [
    'a long comment',
    ['ack', '--cylinder', 'c', '--comment', 'x'.repeat(501)],
    '--comment may have at most 500 characters, and has 501',
  ],
  [
    'a long mode',
    ['close', '--cylinder', 'c', '--outcome', 'fault', '--mode', 'x'.repeat(501)],
    '--mode may have at most 500 characters, and has 501',
  ],
];
for (const [what, args, words] of REFUSED)
  test(`${what} is refused before anything is sent, in one line`, async () => {
    assert.deepEqual(await runSentinel(args), { code: 2, out: '', errors: `sentinel: ${words}` });
  });

test('what is as long as it may be goes on to the broker', async () => {
  const to = ['--to', 'mqtt://127.0.0.1:1'];
  const { errors } = await runSentinel([
    ...SHELVE,
    ...to,
    '--by',
    'x'.repeat(120),
    '--reason',
    'y'.repeat(500),
  ]);
  assert.match(errors, /^sentinel: no broker at /);
});
