import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportLag } from '../../../local/pipeline/pipeline.ts';

test('what cannot be kept up with is said with its backlog, lag and what to do, again every five minutes, and when it is over', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const report = reportLag(
    (line) => lines.push(line),
    () => nowMs,
  );
  const commit = (atMs: number, waitedMs: number): void => {
    nowMs = atMs;
    report({ items: 1990, waitedMs, waiting: 7000 });
  };
  commit(2_000, 4_000);
  assert.deepEqual(lines, []);
  commit(4_000, 12_000);
  commit(6_000, 14_000);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    /messages wait 12 s .*, 7000 are waiting, and 995 a second get done.*let each message carry ten samples/,
  );
  commit(303_000, 14_000);
  commit(305_000, 14_000);
  commit(306_000, 3_000);
  assert.equal(lines.length, 2);
  commit(307_000, 500);
  commit(308_000, 500);
  assert.deepEqual(lines.slice(2), ['it keeps up again, after 315 s: messages are stored within a second']);
});

test('commits that stay full say it too: of a few senders with as many messages under way as they may, none waits here', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const report = reportLag(
    (line) => lines.push(line),
    () => nowMs,
  );
  const commits = (seconds: number, items: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      nowMs += 1000;
      report({ items, waitedMs: 500, waiting: 0 });
    }
  };
  commits(20, 2000);
  commits(1, 900);
  commits(9, 2000);
  assert.deepEqual(lines, []);
  commits(60, 2000);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    /every commit has been full for 30 s, what waits is with its senders.*2000 a second.*carry ten samples/,
  );
  commits(4, 900);
  assert.equal(lines.length, 1);
  commits(3, 900);
  assert.match(lines[1] ?? '', /keeps up again/);
  commits(60, 900);
  assert.equal(lines.length, 2);
});
