import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCommandChannel, runCommand } from '../../../local/notices/channels.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { noticeOf, SILENT_GATEWAY } from '../../fixture/notice-samples.ts';

const folder = scratchFolder();
const never = new AbortController().signal;
const GUARD = { timeout: 300_000 };

const deliver = (command: string, notice = noticeOf('RAISED')) =>
  createCommandChannel({ command, origin: { site: 'local', language: 'en' } }).deliver(notice, never);

test('a command gets the whole notice on its standard input, and exit 0 means told', async () => {
  const path = join(folder, 'told.json');
  assert.deepEqual(await deliver(`cat > '${path}'`), { kind: 'told' });
  const { kind, site, cylinder, movers, advice, probability } = JSON.parse(readFileSync(path, 'utf8'));
  assert.deepEqual(
    [kind, site, cylinder, advice, probability],
    ['RAISED', 'local', 'cyl-07', 'bearing', 0.934],
  );
  assert.equal(movers.length, 2);
});

test('a command that does not read its input and exits 0 has told', async () => {
  const long = { ...SILENT_GATEWAY, output: { ...SILENT_GATEWAY.output, id: 'x'.repeat(1_000_000) } };
  assert.deepEqual(await deliver('exit 0', long), { kind: 'told' });
});

test('another exit, a signal and a program that is not there are failures that say why', async () => {
  assert.deepEqual(await deliver('echo no paper >&2; exit 3'), {
    kind: 'failed',
    reason: 'exit 3, no paper',
  });
  assert.deepEqual(await deliver('kill -9 $$'), { kind: 'failed', reason: 'it was killed' });
  const missing = await deliver('no-such-program-here');
  assert.match(missing.kind === 'failed' ? missing.reason : '', /^exit 127, .*no-such-program-here/);
});

test('nothing of a notice is run by the shell, whatever it holds', async () => {
  const path = join(folder, 'injected');
  const evil = `$(touch ${path}); \`touch ${path}\`; '; touch ${path}; "\n touch ${path} #`;
  const notice = noticeOf('RAISED', null, evil);
  const kept = join(folder, 'evil.json');
  assert.deepEqual(await deliver(`cat > '${kept}'`, { ...notice, output: { ...notice.output, id: evil } }), {
    kind: 'told',
  });
  assert.equal(existsSync(path), false);
  const { cylinder, id } = JSON.parse(readFileSync(kept, 'utf8'));
  assert.ok(String(id).includes('$(touch') && String(cylinder).includes('$(touch'));
});

test('a command does not see the secret of the webhook', async () => {
  process.env.SENTINEL_WEBHOOK_SECRET = 'hidden';
  try {
    assert.deepEqual(await deliver('test -z "$SENTINEL_WEBHOOK_SECRET"'), { kind: 'told' });
  } finally {
    delete process.env.SENTINEL_WEBHOOK_SECRET;
  }
});

const isGone = async (pid: number): Promise<void> => {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('a command that takes too long is a failure that says so', GUARD, async () => {
  const channel = createCommandChannel({
    command: 'sleep 1000',
    origin: { site: 'local', language: 'en' },
    timeoutMs: 10,
  });
  const outcome = await channel.deliver(noticeOf('RAISED'), never);
  assert.deepEqual(outcome, { kind: 'failed', reason: 'it did not end within 0.01 s' });
});

test('a command is killed with all its children, even those that ignore SIGTERM', GUARD, async () => {
  const path = join(folder, 'pids');
  const command = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > ${path}; while :; do sleep 1; done' & wait`;
  const stop = new AbortController();
  const running = runCommand({ command, input: '', timeoutMs: 60_000, signal: stop.signal });
  while (!existsSync(path) || readFileSync(path, 'utf8') === '')
    await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  assert.equal((await running).kind, 'stopped');
  await isGone(Number(readFileSync(path, 'utf8')));
});

test('a stop kills a command that hangs, and one that would begin after it does not', GUARD, async () => {
  const stop = new AbortController();
  const running = runCommand({ command: 'sleep 1000', input: '', timeoutMs: 60_000, signal: stop.signal });
  stop.abort();
  assert.equal((await running).kind, 'stopped');
  const path = join(folder, 'late');
  const late = { command: `touch ${path}`, input: '', timeoutMs: 60_000, signal: stop.signal };
  assert.equal((await runCommand(late)).kind, 'stopped');
  assert.equal(existsSync(path), false);
});

test('what a command leaves running in the background does not hold it up', GUARD, async () => {
  const path = join(folder, 'background');
  assert.deepEqual(await deliver(`sleep 1000 & echo $! > ${path}`), { kind: 'told' });
  process.kill(Number(readFileSync(path, 'utf8')));
});
